import { defineFamily, sharing } from '../defineFamily'

const writebackPage = 'https://learn.microsoft.com/entra/identity/authentication/troubleshoot-sspr-writeback'

/** Self-service password change and reset with writeback. */
export const passwordChange = defineFamily(
  {
    id: 'password-change',
    title: { en: 'Password change', ja: 'パスワード変更' },
    meaning: {
      en: 'A user tried to change or reset the password and could not.',
      ja: 'ユーザーがパスワードの変更またはリセットを試みましたが、完了できませんでした。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Help desk: reset the password for the user; identity team: check password writeback when many fail.',
        ja: 'ヘルプ デスク: ユーザーのパスワードをリセットしてください。ID 担当: 多数発生する場合はパスワード ライトバックを確認してください。',
      },
      mendedBy: 'help-desk',
      severity: 'info',
      falseAlarm: { en: 'Small numbers are normal.', ja: '少数であれば正常です。' },
      reference: 'https://learn.microsoft.com/entra/identity/authentication/troubleshoot-sspr',
    },
    [
      {
        id: 'password-change.wrong-current',
        codes: [120000],
        title: { en: 'The current password was wrong', ja: '現在のパスワードの誤り' },
        remedy: {
          en: 'User: enter the current password again, or use the reset link when it is forgotten.',
          ja: 'ユーザー: 現在のパスワードを入力し直すか、忘れた場合はリセットのリンクを使用してください。',
        },
        mendedBy: 'user',
      },
      {
        id: 'password-change.too-weak',
        codes: [120002, 120003, 120004, 120018],
        title: { en: 'The new password is too weak', ja: '新しいパスワードの強度不足' },
        remedy: {
          en: 'User: choose a longer password without name or common words (120004: it has to meet the rules of the on-premises Active Directory; 120018: it is too common or banned).',
          ja: 'ユーザー: 名前や一般的な単語を含まない、より長いパスワードを選択してください (120004 はオンプレミスの Active Directory の複雑さの要件、120018 は一般的または禁止されたパスワードを示します)。',
        },
        mendedBy: 'user',
        reference: 'https://learn.microsoft.com/entra/identity/authentication/concept-password-ban-bad',
      },
      {
        id: 'password-change.still-spreading',
        codes: [120005],
        title: { en: 'The password was changed on premises but not yet in Entra', ja: 'オンプレミスのみ変更され Entra に未反映' },
        remedy: {
          en: 'User: wait a few minutes and sign in with the new password. Identity team, when it stays: check password hash synchronization.',
          ja: 'ユーザー: 数分待ってから新しいパスワードでサインインしてください。ID 担当 (解消しない場合): パスワード ハッシュ同期を確認してください。',
        },
        mendedBy: 'identity-team',
        severity: 'warning',
        reference: writebackPage,
      },
      {
        id: 'password-change.on-premises-only',
        codes: [120012],
        title: { en: 'The password may be changed on premises only', ja: 'オンプレミスでのみ変更できるパスワード' },
        remedy: {
          en: 'User: change the password on a computer of the domain. Identity team: turn password writeback on in Microsoft Entra Connect if users are to do it in the cloud.',
          ja: 'ユーザー: ドメインのコンピューターでパスワードを変更してください。ID 担当: クラウドで変更させる場合は Microsoft Entra Connect のパスワード ライトバックを有効にしてください。',
        },
        mendedBy: 'identity-team',
        reference: writebackPage,
      },
      {
        id: 'password-change.writeback-connectivity',
        codes: [120013],
        title: { en: 'Password writeback cannot reach Active Directory', ja: 'パスワード ライトバックが Active Directory に到達できない' },
        remedy: {
          en: 'Identity team: check that Microsoft Entra Connect runs, reaches the service bus of Azure outwards on port 443, and a domain controller inside.',
          ja: 'ID 担当: Microsoft Entra Connect が稼働し、443 番ポートで Azure の Service Bus に、内部でドメイン コントローラーに到達できることを確認してください。',
        },
        mendedBy: 'identity-team',
        severity: 'error',
        falseAlarm: { en: 'A few, while Microsoft Entra Connect restarts.', ja: 'Microsoft Entra Connect の再起動中に少数発生します。' },
        reference: writebackPage,
      },
      {
        id: 'password-change.on-premises-account',
        codes: [120014, 120015],
        title: { en: 'The on-premises account does not allow it', ja: 'オンプレミス アカウントの状態による変更不可' },
        remedy: {
          en: 'Help desk: in Active Directory unlock or enable the account, clear User cannot change password, and let the account of Microsoft Entra Connect reset passwords there (protected administrator groups inherit nothing).',
          ja: 'ヘルプ デスク: Active Directory でアカウントのロック解除または有効化を行い、[ユーザーはパスワードを変更できない] を解除し、Microsoft Entra Connect のアカウントにパスワード リセットの権限があることを確認してください (保護された管理者グループは権限を継承しません)。',
        },
        severity: 'warning',
        reference: writebackPage,
      },
      {
        id: 'password-change.user-not-found',
        codes: [120011, 120016],
        title: { en: 'The user of the password change cannot be found', ja: 'パスワード変更の対象ユーザーが見つからない' },
        remedy: {
          en: 'User: enter the full work address. Help desk: check that the account still exists and is synchronized.',
          ja: 'ユーザー: 職場のアドレスを完全な形で入力してください。ヘルプ デスク: アカウントが存在し、同期されていることを確認してください。',
        },
      },
      {
        id: 'password-change.failed',
        codes: [120008, 120020],
        serviceCodes: [120021],
        title: { en: 'The password change was broken off', ja: 'パスワード変更の中断' },
        remedy: {
          en: 'User: try again after a few minutes. Identity team, when many fail: look at the audit log of self-service password reset and at the service health, then open a support case.',
          ja: 'ユーザー: 数分後に再試行してください。ID 担当 (多数に発生する場合): セルフサービス パスワード リセットの監査ログとサービス正常性を確認し、サポートに問い合わせてください。',
        },
        mendedBy: 'microsoft',
        severity: 'warning',
        falseAlarm: { en: 'Single ones that a retry mends.', ja: '再試行で解消する単発のもの。' },
      },
    ],
  ),
)
