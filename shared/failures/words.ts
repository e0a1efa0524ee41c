/** The languages that everything shown to a person exists in. */
export const languages = ['en', 'ja'] as const

export type Language = (typeof languages)[number]

/** One text in every language. */
export type Words = Readonly<Record<Language, string>>
