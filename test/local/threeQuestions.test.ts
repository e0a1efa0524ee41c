import { createTerminal } from '../../local/terminal'
import { type SummaryFacts, threeQuestions } from '../../local/threeQuestions'

const terminal = createTerminal({ write: () => undefined }, {})
const textOf = (summary: SummaryFacts): string => threeQuestions(summary, terminal).join('\n')

const summary: SummaryFacts = {
  totals: { signIns: 12_345 },
  signals: [
    { signal: 'legacyTls', signIns: 77, share: 0.006, top: { apps: [{ id: 'c', name: 'Old scanner', signIns: 77 }] } },
    { signal: 'servedByBackupAuth', signIns: 1_500, share: 0.1215, top: { apps: [{ id: 'd', name: 'Mail', signIns: 900 }] } },
  ],
  failures: [
    {
      family: 'tenant-restriction',
      signIns: 340,
      classes: [
        { title: 'by a header', signIns: 40 },
        { title: 'by a policy', signIns: 300 },
      ],
      top: {
        resourceTenants: [
          { id: 'other', name: null, signIns: 999 },
          { id: 'a', name: 'Fabri\u001b[31mkam\n', signIns: 200 },
        ],
      },
    },
    {
      family: 'tls',
      signIns: 12,
      classes: [{ title: 'refused for old TLS', signIns: 12 }],
      top: { apps: [{ id: 'b', name: null, signIns: 12 }] },
    },
    { family: 'mfa', signIns: 9_999, classes: [{ title: 'not asked for', signIns: 9_999 }], top: {} },
  ],
}

describe('threeQuestions', () => {
  test('threeQuestions: each question has its count, its largest class and its first target', () => {
    const text = textOf(summary)
    for (const part of [
      '340 blocked',
      'by a policy',
      'towards Fabrikam',
      '12 failed',
      '77 over old TLS',
      'refused for old TLS',
      '1,500 by the backup system (12.2%)',
      '0 refused by it',
      'Mail',
      'Out of 12,345 sign-ins.',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('not asked for')
    expect(text).not.toContain('999')
  })

  test('threeQuestions: a target without a name is shown by its id', () => expect(textOf(summary)).toMatch(/│ b +│/))

  test('threeQuestions: without colours no escape is written, not even one from a name', () =>
    expect(textOf(summary)).not.toContain('\u001b'))

  test('threeQuestions: a day without any sign-ins is zeros', () => {
    const text = textOf({ totals: { signIns: 0 }, signals: [], failures: [] })
    for (const part of ['0 blocked', '0 failed', '0 over old TLS', '0 by the backup system', 'Out of 0 sign-ins.'])
      expect(text).toContain(part)
  })
})
