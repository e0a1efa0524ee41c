import { defineFamily, sharing, withCodes } from '../defineFamily'

/** What stands between the client and Entra; nearly all of it is found in the output of clients only. */
export const network = defineFamily(
  {
    id: 'network',
    title: { en: 'Network', ja: 'ネットワーク' },
    meaning: {
      en: 'The client cannot reach Entra or the resource; most of it never shows in a sign-in log.',
      ja: 'クライアントが Entra またはリソースに到達できません。ほとんどはサインイン ログに記録されません。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Network team: let the sign-in hosts and the host of the resource through on port 443, and compare with a direct connection.',
        ja: 'ネットワーク担当: サインイン先とリソースのホストへの 443 番ポートの通信を許可し、プロキシを経由しない接続と比較してください。',
      },
      mendedBy: 'network-team',
      severity: 'warning',
      falseAlarm: {
        en: 'A single one can be a short interruption; repeat first.',
        ja: '単発であれば一時的な中断の可能性があります。まず再試行してください。',
      },
      reference: 'https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting',
    },
    [
      {
        id: 'network.sign-in-page-blocked',
        codes: [900001],
        title: { en: 'Parts of the sign-in page are blocked', ja: 'サインイン ページの一部がブロックされている' },
        remedy: {
          en: 'Network team: let the content delivery hosts of the sign-in page (aadcdn.msauth.net and aadcdn.msftauth.net) through the proxy or firewall.',
          ja: 'ネットワーク担当: サインイン ページのコンテンツ配信ホスト (aadcdn.msauth.net と aadcdn.msftauth.net) をプロキシまたはファイアウォールで許可してください。',
        },
        reference: 'https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls',
        matches: withCodes(900001),
        rejects: withCodes(50058, 1002016),
      },
      {
        id: 'network.proxy-authentication',
        textOnly: true,
        title: { en: 'The proxy asks for authentication', ja: 'プロキシが認証を要求している' },
        remedy: {
          en: 'Network team: let the client authenticate at the proxy (407), or exempt the sign-in hosts from proxy authentication. A service that runs as SYSTEM has proxy settings of its own.',
          ja: 'ネットワーク担当: クライアントがプロキシで認証できるようにするか (407)、サインイン先のホストをプロキシ認証の対象外にします。SYSTEM で動作するサービスには独自のプロキシ設定があります。',
        },
      },
      {
        id: 'network.proxy-blocked',
        textOnly: true,
        title: { en: 'The proxy blocks the address', ja: 'プロキシが宛先をブロックしている' },
        remedy: {
          en: 'Network team: allow the host that the error names on the proxy (403).',
          ja: 'ネットワーク担当: エラーに示されたホストをプロキシで許可してください (403)。',
        },
      },
      {
        id: 'network.proxy-not-a-proxy',
        textOnly: true,
        title: { en: 'The configured proxy is not a proxy', ja: '設定されたプロキシがプロキシではない' },
        remedy: {
          en: 'Owner of the client: correct host and port in HTTPS_PROXY; the server there does not take CONNECT (405).',
          ja: 'クライアントの所有者: HTTPS_PROXY のホストとポートを修正してください。指定先のサーバーは CONNECT に対応していません (405)。',
        },
        mendedBy: 'app-owner',
      },
      {
        id: 'network.proxy-down',
        textOnly: true,
        title: { en: 'The proxy does not answer', ja: 'プロキシが応答しない' },
        remedy: {
          en: 'Network team: check that the proxy runs and listens on the configured host and port.',
          ja: 'ネットワーク担当: 設定されたホストとポートでプロキシが稼働しているか確認してください。',
        },
      },
      {
        id: 'network.dns',
        textOnly: true,
        title: { en: 'The name cannot be resolved', ja: '名前を解決できない' },
        remedy: {
          en: 'Network team: make the client resolve the sign-in hosts, or make it use the proxy, which resolves for it.',
          ja: 'ネットワーク担当: クライアントがサインイン先のホスト名を解決できるようにするか、名前解決を代行するプロキシを使用させてください。',
        },
      },
      {
        id: 'network.arm-blocked',
        textOnly: true,
        title: { en: 'Signed in, but the resource cannot be reached', ja: 'サインインは成功したがリソースに到達できない' },
        remedy: {
          en: 'Network team: allow management.azure.com on port 443; the token was issued already, and az login and Connect-AzAccount read the subscriptions from there.',
          ja: 'ネットワーク担当: management.azure.com への 443 番ポートの通信を許可してください。トークンは発行済みで、az login と Connect-AzAccount はその後にサブスクリプションの一覧をここから取得します。',
        },
        reference: 'https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls',
      },
      {
        id: 'network.reset',
        textOnly: true,
        title: { en: 'The connection is reset', ja: '接続がリセットされる' },
        remedy: {
          en: 'Network team: look in the firewall log for the destination at that time; when only old clients are affected, check their TLS version.',
          ja: 'ネットワーク担当: 該当時刻の宛先をファイアウォールのログで確認してください。古いクライアントのみで発生する場合は TLS バージョンを確認します。',
        },
      },
    ],
  ),
)
