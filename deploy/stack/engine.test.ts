import { expect, test } from 'vitest'
import { appliesLimits, isHere } from './engine.ts'
import type { Engine } from './engine.ts'

const ours: Engine = {
  endpoint: 'unix:///var/run/docker.sock',
  name: 'desk',
  cgroupDriver: 'systemd',
}

test('only of an engine on this machine is a process’s number one of ours', () => {
  expect(isHere(ours, 'linux', 'desk')).toBe(true)
  const jenkins = { ...ours, endpoint: 'tcp://localhost:2376', name: 'engine' }
  expect(isHere(jenkins, 'linux', 'engine')).toBe(false)
  const desktop = { ...ours, name: 'docker-desktop' }
  expect(isHere(desktop, 'linux', 'desk')).toBe(false)
  expect(isHere(ours, 'darwin', 'desk')).toBe(false)
})

test('a rootless engine without systemd limits nothing', () => {
  expect(appliesLimits(ours)).toBe(true)
  expect(appliesLimits({ ...ours, cgroupDriver: 'none' })).toBe(false)
})
