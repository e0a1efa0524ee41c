import { defineFamily, sharing, withCodes } from '../defineFamily'

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
        en: 'Device team: run dsregcmd /status on the device, and join or register it again when its certificate or key is missing.',
        ja: 'デバイス担当: デバイスで dsregcmd /status を実行し、証明書またはキーがない場合は再度参加または登録してください。',
      },
      mendedBy: 'help-desk',
      severity: 'warning',
      falseAlarm: {
        en: 'Interrupts while a device proves itself are part of the flow.',
        ja: 'デバイス認証の途中の中断は正常な流れの一部です。',
      },
      reference: 'https://learn.microsoft.com/entra/identity/devices/troubleshoot-device-dsregcmd',
    },
    [
      {
        id: 'device.authentication-failed',
        codes: [50155, 50187, 700003, 135011],
        title: { en: 'Device authentication failed', ja: 'デバイス認証の失敗' },
        remedy: {
          en: 'Device team: check in Entra that the device exists and is enabled; empty device fields on many devices of one network mean that a proxy inspects device.login.microsoftonline.com.',
          ja: 'デバイス担当: Entra でデバイスが存在し有効であることを確認してください。同じネットワークの多数のデバイスで情報が空の場合は、プロキシが device.login.microsoftonline.com を検査しています。',
        },
        matches: withCodes(50155, 50187, 700003),
        rejects: withCodes(50097, 130004, 50192),
      },
      {
        id: 'device.prompt',
        interruptCodes: [50097, 50127, 50129],
        title: { en: 'The device is asked to prove itself', ja: 'デバイスの証明が要求された' },
        severity: 'info',
        matches: withCodes(50097, 50127, 50129),
        rejects: withCodes(50155, 130004, 53000),
      },
      {
        id: 'device.windows-hello',
        codes: [130004, 130005, 130006, 130007, 130008, 135010],
        title: { en: 'The Windows Hello key is not accepted', ja: 'Windows Hello のキーが受け入れられない' },
        remedy: {
          en: 'User: set up Windows Hello for Business again (remove the PIN and create it anew).',
          ja: 'ユーザー: Windows Hello for Business を設定し直してください (PIN を削除して再作成します)。',
        },
        mendedBy: 'user',
        matches: withCodes(130004, 130005, 130006),
        rejects: withCodes(50155, 50097, 53000),
      },
      {
        id: 'device.general',
        codes: [50099, 50156, 221000, 240001],
        title: { en: 'The device identity has a problem', ja: 'デバイス ID の問題' },
        matches: withCodes(50099, 50156, 221000),
        rejects: withCodes(50155, 50097, 53000),
      },
    ],
  ),
)
