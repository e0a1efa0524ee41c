import { userHasher } from '../../shared/aggregates/userHash'

const userId = '2b0c9a1e-3f57-4f0a-9d1c-0a4c7f3c1d22'

test('userHasher: a user has the same entry at any time and in any casing', () => {
  const hasher = userHasher('key')
  expect(hasher.hash(userId)).toBe(hasher.hash(userId))
  expect(hasher.hash(userId.toUpperCase())).toBe(hasher.hash(userId))
  expect(userHasher('key').hash(userId)).toBe(hasher.hash(userId))
})

test('userHasher: another user and another key give another entry', () => {
  expect(userHasher('key').hash(`${userId}2`)).not.toBe(userHasher('key').hash(userId))
  expect(userHasher('another key').hash(userId)).not.toBe(userHasher('key').hash(userId))
})

test('userHasher: the key id tells keys apart and does not hold the key', () => {
  const [one, two] = [userHasher('secret-one').keyId, userHasher('secret-two').keyId]
  expect(one).toMatch(/^[0-9a-f]{8}$/)
  expect(one).not.toBe(two)
  expect(userHasher('secret-one').keyId).toBe(one)
})

test('userHasher: an entry has 18 bits and a rank', () => {
  const { hash } = userHasher('key')
  for (let index = 0; index < 1_000; index++) {
    const entry = hash(`user ${index}`)
    expect(entry).toBeLessThan(2 ** 18)
    expect(entry & 63).toBeGreaterThan(0)
  }
})
