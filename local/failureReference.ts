import { catalogue } from '../shared/failures/catalogue'
import type { Outcome } from '../shared/failures/catalogueTypes'
import { type ClassView, classView, mendedByWords, severityWords } from '../shared/failures/classView'
import { notes } from '../shared/failures/notes'
import type { Language } from '../shared/failures/words'

const words = {
  en: {
    title: 'Failures and what to do',
    intro:
      'Every class of the catalogue, made from its rows by `npm run docs`. `npm run explain -- 500021` prints the same for one code, class or family, or for pasted text. Where several classes have one code, the first whose condition (in italics) holds counts; one without a condition takes the rest.',
    other: 'Japanese: [failures.ja.md](failures.ja.md)',
    notes: 'What the number cannot see',
    when: 'shown when',
    class: 'class',
    codes: 'codes',
    meaning: 'what it is',
    remedy: 'what to do first',
    who: 'who',
    severity: 'severity',
    falseAlarm: 'false alarm',
    textOnly: 'in pasted text only',
    fallback: 'everything else',
  },
  ja: {
    title: '失敗の分類と対処',
    intro:
      'カタログのすべてのクラスを `npm run docs` で行から生成したものです。`npm run explain -- 500021 --lang ja` は 1 つのコード、クラス、ファミリ、または貼り付けたテキストについて同じ内容を表示します。1 つのコードに複数のクラスがある場合は、条件 (斜体) に最初に当てはまるものが該当し、条件のないクラスが残りに該当します。',
    other: '英語: [failures.md](failures.md)',
    notes: 'この件数に現れないもの',
    when: '表示条件',
    class: 'クラス',
    codes: 'コード',
    meaning: '内容',
    remedy: '最初に行うこと',
    who: '担当',
    severity: '重大度',
    falseAlarm: '誤報となる場合',
    textOnly: '貼り付けたテキストのみ',
    fallback: 'その他すべて',
  },
} as const

const marks: Readonly<Partial<Record<Outcome, string>>> = { interrupt: ' (interrupt)', serviceFault: ' (service)' }

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function codesOf({ codes, textOnly }: ClassView, language: Language): string {
  if (textOnly) return words[language].textOnly
  const all = (Object.keys(codes) as Outcome[]).map((outcome) => `${(codes[outcome] ?? []).join(', ')}${marks[outcome] ?? ''}`)
  return all.length === 0 ? words[language].fallback : all.join('; ')
}

/** The reference page of all classes in one language, as Markdown. */
export function failureReference(language: Language): string {
  const say = words[language]
  const head = [say.class, say.codes, say.meaning, say.remedy, say.who, say.severity, say.falseAlarm]
  const sections = catalogue.map(({ family, classes }) => {
    const ofFamily = notes.filter((note) => note.family === family.id)
    return [
      `## ${family.title[language]} (\`${family.id}\`)`,
      family.meaning[language],
      [
        row(head),
        row(head.map(() => '---')),
        ...classes.map((each) => {
          const view = classView(each, language)
          return row([
            `[\`${view.id}\`](${view.reference})`,
            codesOf(view, language),
            cell(view.condition === null ? view.title : `${view.title}; *${view.condition}*`),
            cell(view.remedy),
            mendedByWords[view.mendedBy][language],
            severityWords[view.severity][language],
            cell(view.falseAlarm),
          ])
        }),
      ].join('\n'),
      ...(ofFamily.length === 0
        ? []
        : [
            `${say.notes}:`,
            ofFamily
              .map(({ code, text, when }) => `- \`${code}\`: ${text[language]}${when ? ` (${say.when}: ${when.words[language]})` : ''}`)
              .join('\n'),
          ]),
    ].join('\n\n')
  })
  return `${[`# ${say.title}`, `${say.intro}`, say.other, ...sections].join('\n\n')}\n`
}
