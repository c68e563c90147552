import type { Party } from '../trip.ts'
import { home } from '../words/home.ts'
import { Counter } from './counter.tsx'

type Props = { party: Party; onChange: (party: Party) => void }

const PEOPLE_MAX = 9
const PETS_MAX = 6

/** Who travels, by age, and their pets: never more than may travel together. */
export const PartyFields = ({ party, onChange }: Props) => {
  const said = home()
  const { adults, children, infants, pets } = party
  const set = (changes: Partial<Party>) => {
    const next = { ...party, ...changes }
    // Each infant has a lap and each pet an owner: with fewer adults there are fewer of them.
    onChange({
      ...next,
      infants: Math.min(next.infants, next.adults),
      pets: Math.min(next.pets, next.adults, PETS_MAX),
    })
  }
  return (
    <fieldset class="party">
      <legend>{said.who}</legend>
      <Counter
        label={said.adults}
        hint={said.adultsHint}
        value={adults}
        min={1}
        max={PEOPLE_MAX - children - infants}
        onChange={(n) => set({ adults: n })}
      />
      <Counter
        label={said.children}
        hint={said.childrenHint}
        value={children}
        min={0}
        max={PEOPLE_MAX - adults - infants}
        onChange={(n) => set({ children: n })}
      />
      <Counter
        label={said.infants}
        hint={said.infantsHint}
        value={infants}
        min={0}
        max={Math.min(adults, PEOPLE_MAX - adults - children)}
        onChange={(n) => set({ infants: n })}
      />
      <Counter
        label={said.pets}
        hint={said.petsHint}
        value={pets}
        min={0}
        max={Math.min(adults, PETS_MAX)}
        onChange={(n) => set({ pets: n })}
      />
    </fieldset>
  )
}
