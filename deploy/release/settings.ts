import { imageOf, replicasOf } from './colour.ts'
import type { Build } from './history.ts'
import type { Needs, Running } from './needs.ts'
import { writeSettings } from './settings-file.ts'

// What a plain docker compose up makes of the stack, by .env: at any moment what serves stays, however a release ends.

export const sayBoth = ({ environment }: Needs, { idle, containers }: Running, { image }: Build) =>
  writeSettings(environment.settingsFile, {
    [imageOf(idle)]: image,
    [replicasOf(idle)]: String(containers),
  })

export const sayAsBefore = ({ environment }: Needs, { idle }: Running) =>
  writeSettings(environment.settingsFile, { [replicasOf(idle)]: '0' })

export const sayReleased = (
  { environment }: Needs,
  { idle, active, containers }: Running,
  { image }: Build,
) =>
  writeSettings(environment.settingsFile, {
    [imageOf(idle)]: image,
    [replicasOf(idle)]: String(containers),
    [replicasOf(active)]: '0',
    WORKER_IMAGE: image,
    MIGRATE_IMAGE: image,
  })
