import { defineFamily, sharing } from '../defineFamily'
import { lostDeviceOnNamedNetwork } from '../rowSigns'

const office = [{ networkType: 'trustedNamedLocation', networkNames: ['Head office'] }]
const unnamedDevice = { operatingSystem: 'Windows10', browser: 'Edge 131.0' }
const namedDevice = { ...unnamedDevice, deviceId: '0d000000-0000-4000-8000-000000000001' }

/** Device identity; that a policy asks for a device is Conditional Access. */
export const device = defineFamily(
  {
    id: 'device',
    title: { en: 'Devices', ja: 'デバイス' },
    meaning: {
      en: 'The device could not prove itself, or its registration or its Windows Hello key is broken.',
      ja: 'デバイスを認証できないか、デバイスの登録または Windows Hello のキーに問題があります。',
    },
  },
  sharing(
    {
      remedy: {
        en: 'Help desk: run dsregcmd /status on the device, and join or register it again when its certificate or key is missing.',
        ja: 'ヘルプ デスク: デバイスで dsregcmd /status を実行し、証明書またはキーがない場合は再度参加または登録してください。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: {
        en: 'Single ones, while a device is being set up or reset.',
        ja: 'デバイスのセットアップ中やリセット中に単発で発生します。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/devices/troubleshoot-device-dsregcmd',
    },
    [
      {
        id: 'device.inspected',
        codes: [50155, 50187],
        interruptCodes: [50097],
        when: lostDeviceOnNamedNetwork,
        condition: {
          en: 'a desktop without a device id, on a named network',
          ja: '登録済みネットワーク上の、デバイス ID のないデスクトップの場合',
        },
        title: {
          en: 'The device identity is lost on a named network: TLS inspection is likely',
          ja: '登録済みネットワークでのデバイス ID の喪失 (TLS インスペクションの疑い)',
        },
        remedy: {
          en: 'Network team: take device.login.microsoftonline.com and enterpriseregistration.windows.net out of TLS inspection on the proxy of that network; the device proves itself there with a certificate that a proxy cannot pass on. Then compare one device on that network with the same device on another.',
          ja: 'ネットワーク担当: そのネットワークのプロキシで、device.login.microsoftonline.com と enterpriseregistration.windows.net を TLS インスペクションの対象から除外してください。デバイスはここで証明書を提示しますが、プロキシは中継できません。その後、同じデバイスを別のネットワークでも試して比較します。',
        },
        mendedBy: 'network-team',
        falseAlarm: {
          en: 'A private or unregistered device on that network looks the same: look whether registered ones are affected too.',
          ja: 'そのネットワークにある私物や未登録のデバイスでも同様に見えます。登録済みのデバイスにも発生しているか確認してください。',
        },
        reference: 'https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions',
        matches: [
          { status: { errorCode: 50187 }, deviceDetail: unnamedDevice, networkLocationDetails: office },
          { status: { errorCode: 50155 }, deviceDetail: { operatingSystem: 'MacOs' }, networkLocationDetails: office },
          { status: { errorCode: 50097 }, deviceDetail: { ...unnamedDevice, deviceId: '' }, networkLocationDetails: office },
        ],
        rejects: [
          { status: { errorCode: 50187 }, deviceDetail: namedDevice, networkLocationDetails: office },
          { status: { errorCode: 50187 }, deviceDetail: unnamedDevice, networkLocationDetails: [] },
          { status: { errorCode: 50097 }, deviceDetail: { operatingSystem: 'Ios' }, networkLocationDetails: office },
          { status: { errorCode: 50187 } },
        ],
      },
      {
        id: 'device.authentication-failed',
        codes: [50155, 50187],
        title: { en: 'Device authentication failed', ja: 'デバイス認証の失敗' },
        remedy: {
          en: 'Help desk: check under Devices that the device exists and is enabled, then dsregcmd /status on it. Network team, when many devices of one network fail: do not inspect TLS to device.login.microsoftonline.com.',
          ja: 'ヘルプ デスク: [デバイス] でデバイスが存在し有効であることを確認し、デバイスで dsregcmd /status を実行してください。ネットワーク担当 (同じネットワークの多数のデバイスで発生する場合): device.login.microsoftonline.com の TLS インスペクションを除外してください。',
        },
      },
      {
        id: 'device.not-found',
        codes: [700003, 130008],
        title: { en: 'The device is no longer in the directory', ja: 'ディレクトリにデバイスが存在しない' },
        remedy: {
          en: 'Help desk: look in the audit log who deleted the device and why. To bring it back: hybrid joined: run dsregcmd /leave as an administrator, restart and sign in with the domain account; Entra joined: dsregcmd /forcerecovery; registered: disconnect the work account under Settings > Accounts, or unregister the device in Authenticator, and add it again. Then set Windows Hello up again.',
          ja: 'ヘルプ デスク: 監査ログで、デバイスを削除した人と理由を確認してください。元に戻す場合、Microsoft Entra ハイブリッド参加済みデバイスは管理者として dsregcmd /leave を実行し、再起動してドメイン アカウントでサインインします。Microsoft Entra 参加済みデバイスは dsregcmd /forcerecovery を実行します。登録済みデバイスは [設定] > [アカウント] で職場アカウントを切断するか、Authenticator でデバイスの登録を解除し、再度追加します。その後 Windows Hello を設定し直してください。',
        },
        falseAlarm: {
          en: 'Meant, for devices that were cleaned up as stale.',
          ja: '古いデバイスとして整理されたものであれば意図した結果です。',
        },
        reference:
          'https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts700003-device-object-was-not-found',
      },
      {
        id: 'device.disabled',
        codes: [130007, 135011],
        title: { en: 'The device is disabled', ja: 'デバイスが無効' },
        remedy: {
          en: 'Help desk: ask why the device was disabled (loss, retirement, stale clean-up); if it is to be used, enable it under Devices > All devices.',
          ja: 'ヘルプ デスク: 無効化された理由 (紛失、廃棄、古いデバイスの整理) を確認し、使用すべきデバイスであれば [デバイス] > [すべてのデバイス] で有効にしてください。',
        },
        falseAlarm: { en: 'Meant, for lost or retired devices.', ja: '紛失または廃棄したデバイスであれば意図した結果です。' },
        reference: 'https://learn.microsoft.com/entra/identity/devices/manage-device-identities',
      },
      {
        id: 'device.prompt',
        interruptCodes: [50097],
        title: { en: 'The device is asked to prove itself', ja: 'デバイスの証明が要求された' },
        remedy: {
          en: 'Nobody: the sign-in goes on when the device answers. Help desk, when the same user is asked again and again: dsregcmd /status, and a browser that can prove the device.',
          ja: '対処は不要です。デバイスが応答すればサインインは続行されます。ヘルプ デスク (同じユーザーに繰り返し発生する場合): dsregcmd /status と、デバイスを証明できるブラウザーの使用を確認してください。',
        },
        mendedBy: 'nobody',
        severity: 'info',
        falseAlarm: { en: 'Nearly always: it is a step of the sign-in.', ja: 'ほとんどの場合、サインインの途中の段階です。' },
      },
      {
        id: 'device.registration-required',
        interruptCodes: [50127, 50129],
        title: { en: 'The device has to be registered', ja: 'デバイスの登録が必要' },
        remedy: {
          en: 'User: install Microsoft Authenticator (iOS) or Company Portal (Android) when asked, and register the device with the work account.',
          ja: 'ユーザー: 案内に従って Microsoft Authenticator (iOS) またはポータル サイト (Android) をインストールし、職場アカウントでデバイスを登録してください。',
        },
        mendedBy: 'user',
        severity: 'info',
        falseAlarm: { en: 'Expected once for every new device.', ja: '新しいデバイスごとに一度発生する想定内のものです。' },
        reference: 'https://learn.microsoft.com/entra/identity/devices/concept-device-registration',
      },
      {
        id: 'device.windows-hello',
        codes: [130004, 130005, 130006, 135010],
        title: { en: 'The Windows Hello or security key is not accepted', ja: 'Windows Hello またはセキュリティ キーが受け入れられない' },
        remedy: {
          en: 'User: sign in with another method, remove the PIN under Settings > Accounts > Sign-in options, and set Windows Hello for Business up again.',
          ja: 'ユーザー: 別の方法でサインインし、[設定] > [アカウント] > [サインイン オプション] で PIN を削除して、Windows Hello for Business を設定し直してください。',
        },
        mendedBy: 'user',
        falseAlarm: { en: 'In the first minutes after Windows Hello was set up.', ja: 'Windows Hello の設定直後の数分間。' },
        reference: 'https://learn.microsoft.com/windows/security/identity-protection/hello-for-business/',
      },
      {
        id: 'device.proof-invalid',
        codes: [50099],
        title: { en: 'The proof of the device has a wrong signature or nonce', ja: 'デバイスの証明の署名または nonce が無効' },
        remedy: {
          en: 'Help desk: correct the clock of the device and restart it, which mends a stale nonce; when it stays, register the device again, for its key is not the one that Entra knows.',
          ja: 'ヘルプ デスク: デバイスの時刻を修正して再起動してください (古い nonce であれば解消します)。解消しない場合は、Entra に登録されたキーと一致していないため、デバイスを再登録します。',
        },
      },
      {
        id: 'device.token-not-accepted',
        codes: [50156, 221000],
        title: { en: 'The resource does not take tokens of a device', ja: 'リソースがデバイスのトークンを受け付けない' },
        remedy: {
          en: 'App owner: ask for a token of a user or an application for this resource; it is not made for device-only tokens.',
          ja: 'アプリの所有者: このリソースにはユーザーまたはアプリのトークンを要求してください。デバイスのみのトークンには対応していません。',
        },
        mendedBy: 'app-owner',
        reference: 'https://learn.microsoft.com/entra/identity/devices/concept-primary-refresh-token',
      },
      {
        id: 'device.bulk-join',
        codes: [240001],
        title: { en: 'The user may not register devices in bulk', ja: 'デバイスを一括登録する権限がない' },
        remedy: {
          en: 'Identity team: allow the account of the provisioning package to join devices under Devices > Device settings, or make a new package with an account that may.',
          ja: 'ID 担当: [デバイス] > [デバイスの設定] でプロビジョニング パッケージのアカウントにデバイスの参加を許可するか、権限のあるアカウントでパッケージを作り直してください。',
        },
        mendedBy: 'identity-team',
        reference: 'https://learn.microsoft.com/intune/intune-service/enrollment/windows-bulk-enroll',
      },
    ],
  ),
)
