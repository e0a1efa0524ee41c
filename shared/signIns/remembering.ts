/** Different texts that are remembered before the memory starts anew, where nothing else is said. */
const rememberedMax = 10_000
/** Places for the texts that came last; a power of two. */
const places = 512

/**
 * A pure function of a text that answers a repeated text with the very same value, which saves the work and the memory.
 * Texts that came lately are found by a few of their characters, because hashing a long text takes longer than comparing
 * it with one other.
 */
export function remembering<Value>(answer: (text: string) => Value, most = rememberedMax): (text: string) => Value {
  const remembered = new Map<string, Value>()
  const texts = new Array<string>(places)
  const values = new Array<Value>(places)

  const lookUp = (text: string, place: number): Value => {
    let value = remembered.get(text)
    if (value === undefined && !remembered.has(text)) {
      if (remembered.size >= most) remembered.clear()
      value = answer(text)
      remembered.set(text, value)
    }
    texts[place] = text
    values[place] = value as Value
    return value as Value
  }

  return (text) => {
    const place = placeOf(text)
    return texts[place] === text ? (values[place] as Value) : lookUp(text, place)
  }
}

/** Ids differ in every character, user agents at their end, names at their beginning. */
function placeOf(text: string): number {
  const { length } = text
  if (length < 4) return length === 0 ? 0 : (text.charCodeAt(0) * 7 + text.charCodeAt(length - 1)) & (places - 1)
  const start = text.charCodeAt(0) + text.charCodeAt(2) * 37
  const end = text.charCodeAt(length - 1) * 11 + text.charCodeAt(length - 3) * 5
  return (start + end + text.charCodeAt(length >>> 2) * 3 + length * 19) & (places - 1)
}
