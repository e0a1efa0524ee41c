import { defineFamily, sharing } from '../defineFamily'

/** The device code flow. */
export const deviceCode = defineFamily(
  {
    id: 'device-code',
    title: { en: 'Device code', ja: 'デバイス コード' },
    meaning: {
      en: 'A sign-in with a device code is pending, has run out or was given a wrong code.',
      ja: 'デバイス コードによるサインインが保留中か、期限切れか、コードが誤っています。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: start the command again and enter the new code at https://microsoft.com/devicelogin within 15 minutes.',
        ja: 'ユーザー: コマンドを再実行し、15 分以内に https://microsoft.com/devicelogin で新しいコードを入力してください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: {
        en: 'Codes that nobody asked for are phishing: then it is well that it failed.',
        ja: '身に覚えのないコードはフィッシングであり、失敗していれば問題ありません。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code',
    },
    [
      {
        id: 'device-code.pending',
        interruptCodes: [70016],
        title: { en: 'The code has not been entered yet', ja: 'コードの入力待ち' },
        remedy: {
          en: 'User: enter the code that the command shows at https://microsoft.com/devicelogin. The device keeps asking until then; nothing is wrong.',
          ja: 'ユーザー: コマンドが表示したコードを https://microsoft.com/devicelogin で入力してください。それまでデバイスは確認を続けますが、異常ではありません。',
        },
        falseAlarm: { en: 'Always: polling is part of the flow.', ja: '常に。ポーリングは正常な流れの一部です。' },
      },
      {
        id: 'device-code.expired',
        codes: [70019, 70020, 70039],
        title: { en: 'The code has run out', ja: 'コードの有効期限切れ' },
      },
      {
        id: 'device-code.wrong-code',
        codes: [70018, 90119],
        title: { en: 'The code is wrong or missing', ja: 'コードの誤りまたは未入力' },
        remedy: {
          en: 'User: enter the code exactly as the command shows it; start the command again when several were shown.',
          ja: 'ユーザー: コマンドが表示したコードを正確に入力してください。複数表示された場合はコマンドを再実行します。',
        },
      },
      {
        id: 'device-code.declined',
        codes: [70017, 70034, 70037],
        title: { en: 'The sign-in with the code was declined', ja: 'コードによるサインインの拒否' },
        remedy: {
          en: 'User: if you started the command, start it again and approve; if not, tell the security team, for somebody sent you a code.',
          ja: 'ユーザー: 自分で開始した場合はコマンドを再実行して承認してください。身に覚えがない場合は、誰かがコードを送り付けた可能性があるためセキュリティ担当に連絡してください。',
        },
        severity: 'warning',
      },
      {
        id: 'device-code.already-answered',
        codes: [70033, 90120],
        title: { en: 'The code was approved or declined before', ja: '承認または拒否済みのコード' },
        remedy: {
          en: 'User: close the page; when the command still waits, start it again for a new code.',
          ja: 'ユーザー: ページを閉じてください。コマンドが待機したままの場合は、再実行して新しいコードを取得します。',
        },
        falseAlarm: { en: 'A page that was reloaded.', ja: 'ページの再読み込み。' },
      },
      {
        id: 'device-code.wrong-data-center',
        codes: [50134],
        title: { en: 'The code was entered in another data center', ja: '別のデータ センターでのコードの入力' },
        remedy: {
          en: 'User: enter the code from the same region, without a VPN to another one, and name the tenant in the command.',
          ja: 'ユーザー: 別の地域への VPN を使わず、同じ地域からコードを入力し、コマンドでテナントを指定してください。',
        },
        severity: 'warning',
      },
    ],
  ),
)
