/** A setting with a former name, which is read as well. */
export interface RenamedSetting {
  readonly from: string
  readonly to: string
  /** The release that reads the former name last, such as `2.0`. */
  readonly until: string
}

/** The settings with a former name. A row stays here until the release that it names is out. */
export const renamedSettings: readonly RenamedSetting[] = []

/** What is to be said of a setting that is given under its former name. */
interface RenameWarning {
  readonly from: string
  /** The present name. */
  readonly to: string
  readonly words: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment with every former name taken for its present one, and a warning for each that is given. Where both
 * names are given the present one stands, and the warning says so.
 */
export function underPresentNames(
  environment: Environment,
  renames: readonly RenamedSetting[] = renamedSettings,
): { environment: Environment; warnings: readonly RenameWarning[] } {
  const isGiven = (name: string): boolean => (environment[name] ?? '').trim() !== ''
  const given = renames.filter(({ from }) => isGiven(from))
  const renamed = Object.fromEntries(given.flatMap(({ from, to }) => (isGiven(to) ? [] : [[to, environment[from]]])))
  const former = new Set(given.map(({ from }) => from))
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !former.has(name)))
  const warnings = given.map(({ from, to, until }) => ({
    from,
    to,
    words: isGiven(to)
      ? `The setting ${from} is ignored, because ${to}, its present name, is given too: remove ${from}.`
      : `The setting ${from} is called ${to}: rename it. Releases after ${until} do not read ${from}.`,
  }))
  return { environment: { ...kept, ...renamed }, warnings }
}
