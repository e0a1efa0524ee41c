import { defineFamily, sharing, withCodes } from '../defineFamily'

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
        en: 'A pending one is part of the flow. Codes that nobody asked for are phishing.',
        ja: '保留中は正常な流れの一部です。身に覚えのないコードはフィッシングです。',
      },
      reference: 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code',
    },
    [
      {
        id: 'device-code.pending',
        interruptCodes: [70016],
        title: { en: 'The code has not been entered yet', ja: 'コードの入力待ち' },
        matches: withCodes(70016),
        rejects: withCodes(70019, 70018, 50076),
      },
      {
        id: 'device-code.expired',
        codes: [70019, 70020],
        title: { en: 'The code has run out', ja: 'コードの有効期限切れ' },
        matches: withCodes(70019, 70020),
        rejects: withCodes(70016, 70018, 50076),
      },
      {
        id: 'device-code.wrong-code',
        codes: [70018, 90119],
        title: { en: 'The code is wrong', ja: 'コードの誤り' },
        matches: withCodes(70018, 90119),
        rejects: withCodes(70016, 70019, 50076),
      },
      {
        id: 'device-code.general',
        codes: [50134, 70017, 70033, 70034, 70037, 70039, 90120],
        title: { en: 'The device code sign-in failed', ja: 'デバイス コードによるサインインの失敗' },
        matches: withCodes(50134, 70017, 70033),
        rejects: withCodes(70016, 70019, 50076),
      },
    ],
  ),
)
