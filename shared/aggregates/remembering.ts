/** Different texts that are remembered before the memory starts anew. */
const rememberedMax = 10_000

/** A pure function of a text that answers a repeated text with the very same value, which saves the work and the memory. */
export function remembering<Value>(answer: (text: string) => Value): (text: string) => Value {
  const remembered = new Map<string, Value>()
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    if (remembered.size >= rememberedMax) remembered.clear()
    const found = answer(text)
    remembered.set(text, found)
    return found
  }
}
