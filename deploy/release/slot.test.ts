import { describe, expect, test } from 'vitest'
import { allTo, readSlot, sliceTo } from './slot.ts'

const upstreams = {
  blue: 'upstream api {\n  server api-blue:3000 resolve max_fails=1;\n  include upstream.conf;\n}\n',
  green: 'upstream api {\n  server api-green:3000 resolve max_fails=1;\n}\n',
}
const slice = (percent: number, blue: number, green: number) =>
  sliceTo('green', percent, { blue, green }, upstreams)

describe('whose traffic it is', () => {
  test('all of one colour', () => {
    expect(readSlot(allTo('green'))).toEqual({ active: 'green', isWhole: true })
    expect(readSlot('include conf.d/upstream-blue.conf;\n')).toEqual({
      active: 'blue',
      isWhole: true,
    })
  })

  test('a slice leaves it with the old one', () => {
    expect(readSlot(slice(10, 2, 2))).toEqual({ active: 'blue', isWhole: false })
  })

  test('a file that says neither is not guessed at', () => {
    expect(() => readSlot('upstream api {}')).toThrow('neither blue nor green')
  })

  test('of a slice, nine shares stay and one goes, at the addresses of this machine', () => {
    const text = slice(10, 2, 2)
    expect(text).toContain('server api-blue:3000 resolve max_fails=1 weight=9;')
    expect(text).toContain('server api-green:3000 resolve max_fails=1 weight=1;')
  })

  test('its share is the same when one colour has more containers', () => {
    expect(slice(10, 3, 1)).toMatch(/blue.* weight=3;[^]*green.* weight=1;/)
  })
})
