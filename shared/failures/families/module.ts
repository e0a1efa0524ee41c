import { defineFamily, sharing } from '../defineFamily'
/** Faults of Azure CLI, Azure PowerShell and Microsoft Graph PowerShell themselves; found in their output only. */
export const moduleFamily = defineFamily(
  {
    id: 'module',
    title: { en: 'Command-line modules', ja: 'コマンドライン モジュール' },
    meaning: {
      en: 'The module or tool fails before or after the sign-in; Entra is not involved.',
      ja: 'モジュールやツールがサインインの前後で失敗しており、Entra は関係していません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'User: update the module, start a new session, and repeat the command with --debug or -Debug.',
        ja: 'ユーザー: モジュールを更新し、新しいセッションを開始して、--debug または -Debug を付けてコマンドを再実行してください。',
      },
      mendedBy: 'user',
      severity: 'info',
      falseAlarm: { en: 'Nothing is wrong with the account or the tenant.', ja: 'アカウントやテナントに問題はありません。' },
      reference: 'https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting',
    },
    [
      {
        id: 'module.old',
        textOnly: true,
        title: { en: 'The tool is too old', ja: 'ツールが古い' },
        remedy: {
          en: 'User: update Azure CLI to 2.30 or later (accessTokens.json belongs to older versions and is not carried over) and sign in again.',
          ja: 'ユーザー: Azure CLI を 2.30 以降に更新し、サインインし直してください (accessTokens.json は古いバージョンのもので引き継がれません)。',
        },
        reference: 'https://learn.microsoft.com/cli/azure/msal-based-azure-cli',
      },
      {
        id: 'module.conflict',
        textOnly: true,
        title: { en: 'Two modules load different versions of one library', ja: 'モジュール間でライブラリのバージョンが競合している' },
        remedy: {
          en: 'User: start a new session, update both modules, and import Microsoft Graph before Az.',
          ja: 'ユーザー: 新しいセッションを開始し、両方のモジュールを更新してから、Az より先に Microsoft Graph をインポートしてください。',
        },
        reference: 'https://learn.microsoft.com/powershell/azure/troubleshooting',
      },
      {
        id: 'module.not-signed-in',
        textOnly: true,
        title: { en: 'Not signed in', ja: 'サインインしていない' },
        remedy: {
          en: 'User: run az login, Connect-AzAccount or Connect-MgGraph in this session, and name the tenant.',
          ja: 'ユーザー: このセッションで az login、Connect-AzAccount または Connect-MgGraph をテナントを指定して実行してください。',
        },
        reference: 'https://learn.microsoft.com/cli/azure/authenticate-azure-cli-interactively',
      },
      {
        id: 'module.broken-install',
        textOnly: true,
        title: { en: 'The installation is broken', ja: 'インストールが壊れている' },
        remedy: {
          en: 'User: remove and install the tool again.',
          ja: 'ユーザー: ツールをアンインストールして再インストールしてください。',
        },
        reference: 'https://learn.microsoft.com/cli/azure/install-azure-cli',
      },
    ],
  ),
)
