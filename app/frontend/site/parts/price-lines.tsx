import { money } from '../formats.ts'
import { language, named, words } from '../language.ts'
import { useSignal } from '../signal.ts'

export type Line = {
  kind: 'fare' | 'discount' | 'service' | 'tax' | 'penalty'
  code: string
  passenger: number | null
  amount: number
  currency: string
  name_es: string
  name_en: string
}

const said = words({
  es: {
    passenger: 'Pasajero',
    whole: 'Toda la reserva',
    free: 'Gratis',
    anyTax: 'La cobra una autoridad, no AeroFlash: la pagamos por ti sin ganar nada con ella.',
    total: 'Total',
    why: {
      TOURIST_CARD_SAI:
        'La cobra el departamento a cada visitante mayor de 7 años; los residentes no la pagan.',
      AIRPORT_CO_DOMESTIC: 'La cobra el aeropuerto de salida por cada pasajero con silla.',
      AIRPORT_CO_INTERNATIONAL: 'La cobra el aeropuerto de salida en vuelos internacionales.',
      PET: 'Tu mascota viaja contigo en cabina, en su guacal: un cupo por vuelo.',
      SWEETS: 'Un detalle para los menores: no te cuesta nada.',
    } as Record<string, string>,
  },
  en: {
    passenger: 'Passenger',
    whole: 'The whole booking',
    free: 'Free',
    anyTax: 'An authority asks it, not AeroFlash: we pay it for you and earn nothing by it.',
    total: 'Total',
    why: {
      TOURIST_CARD_SAI:
        'The islands ask it of every visitor over 7; those who live there do not pay it.',
      AIRPORT_CO_DOMESTIC: 'The airport of departure asks it for each passenger with a seat.',
      AIRPORT_CO_INTERNATIONAL: 'The airport of departure asks it on international flights.',
      PET: 'Your pet travels with you in the cabin, in its carrier: one place a flight.',
      SWEETS: 'A little something for the young ones: it costs you nothing.',
    } as Record<string, string>,
  },
})

// A tax that operators add has no words of ours yet.
const whyOf = ({ code, kind }: Line) => {
  const { why, anyTax } = said()
  return why[code] ?? (kind === 'tax' ? anyTax : undefined)
}

type Props = { lines: Line[]; total: { amount: number; currency: string } }

/** Every peso by passenger, with a sentence for each tax and fee. */
export const PriceLines = ({ lines, total }: Props) => {
  useSignal(language)
  const { passenger, whole, free, total: inAll } = said()
  const groups = [...Map.groupBy(lines, (line) => line.passenger)].toSorted(
    ([a], [b]) => (a ?? Infinity) - (b ?? Infinity),
  )
  return (
    <div class="price-lines">
      {groups.map(([ordinal, own]) => (
        <section key={ordinal}>
          <h3>{ordinal === null ? whole : `${passenger} ${ordinal}`}</h3>
          <dl>
            {own.map((line, i) => (
              <div key={i} class={line.amount < 0 ? 'less' : ''}>
                <dt>
                  {named(line)}
                  {whyOf(line) && <small>{whyOf(line)}</small>}
                </dt>
                <dd>{line.amount === 0 ? free : money(line)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p class="total">
        <span>{inAll}</span> <strong>{money(total)}</strong>
      </p>
    </div>
  )
}
