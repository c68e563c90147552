import { words } from '../language.ts'

const said = words({
  es: { label: 'Pasos de la reserva', steps: ['Vuelos', 'Sillas', 'Pasajeros', 'Pago'] },
  en: { label: 'Steps of the booking', steps: ['Flights', 'Seats', 'Passengers', 'Payment'] },
})

/** Where in the booking one is: 1 flights, 2 seats, 3 passengers, 4 payment. */
export const Steps = ({ at }: { at: 1 | 2 | 3 | 4 }) => {
  const { label, steps } = said()
  return (
    <ol class="steps" aria-label={label}>
      {steps.map((step, i) => (
        <li
          key={step}
          aria-current={i + 1 === at ? 'step' : undefined}
          class={i + 1 < at ? 'done' : ''}
        >
          {step}
        </li>
      ))}
    </ol>
  )
}
