import { words } from '../language.ts'

type Said = Record<string, string>

export const change = words({
  es: {
    heading: 'Cambia un vuelo',
    which: '¿Cuál vuelo cambias?',
    day: 'Nuevo día de salida',
    dayHint: 'Mismo origen y destino, con los mismos pasajeros.',
    flights: 'Vuelos de ese día',
    looking: 'Buscando vuelos…',
    none: 'Ese día no hay otro vuelo con sillas para todos. Prueba otro día.',
    from: (fare: string) => `Tarifa desde ${fare} por adulto`,
    left: (seats: number) => (seats === 1 ? 'Queda 1 silla' : `Quedan ${seats} sillas`),
    quote: 'Ver cuánto cuesta el cambio',
    quoting: 'Calculando…',
    leave: 'Dejar la reserva como está',
    needFlight: 'Elige un vuelo de la lista.',
    terms: 'Así queda el cambio',
    instead: 'Dejas',
    youFly: 'Vuelas',
    newFlight: 'Vuelo nuevo',
    back: 'Vuelve del vuelo que dejas',
    kept: 'Retenemos por el cambio',
    toPay: 'Pagas',
    toGet: 'Te devolvemos',
    even: 'No pagas nada',
    newLines: 'El vuelo nuevo, línea por línea',
    oldLines: 'El vuelo que dejas, línea por línea',
    seats:
      'Asignamos sillas juntas cuando las hay. Tu vuelo de hoy es tuyo hasta que el cambio quede confirmado.',
    confirm: 'Confirmar el cambio',
    pay: (total: string) => `Pagar ${total} y cambiar`,
    working: 'Cambiando tu vuelo…',
    unclear: 'Todavía no hay respuesta; seguimos preguntando. No se hará ni se cobrará dos veces.',
    declined:
      'El banco rechazó el pago: no se cobró nada y tu vuelo sigue igual. Prueba otra tarjeta.',
    done: 'Tu vuelo cambió.',
    donePaid: (total: string) => `Cobramos ${total}.`,
    doneBack: (total: string) => `Te devolvemos ${total} a la tarjeta con la que pagaste.`,
    askAgain: 'Pedir otra cotización',
    outside: (first: string, last: string) =>
      `Vendemos vuelos del ${first} al ${last}. Elige un día entre los dos.`,
    refused: {
      not_as_booked:
        'No pudimos cotizar este cambio en línea: los pasajeros no coinciden con la reserva (por ejemplo, un residente con tarifa propia). Puedes cancelar y reservar de nuevo.',
      flights_overlap:
        'Con ese vuelo tus vuelos quedarían en desorden. Elige un día entre el anterior y el siguiente.',
    } as Said,
  },
  en: {
    heading: 'Change a flight',
    which: 'Which flight do you change?',
    day: 'New day of departure',
    dayHint: 'Same origin and destination, with the same passengers.',
    flights: 'Flights of that day',
    looking: 'Looking for flights…',
    none: 'That day there is no other flight with seats for everybody. Try another day.',
    from: (fare: string) => `Fare from ${fare} an adult`,
    left: (seats: number) => (seats === 1 ? '1 seat left' : `${seats} seats left`),
    quote: 'See what the change costs',
    quoting: 'Working it out…',
    leave: 'Leave the booking as it is',
    needFlight: 'Choose a flight from the list.',
    terms: 'This is the change',
    instead: 'You leave',
    youFly: 'You fly',
    newFlight: 'New flight',
    back: 'Back from the flight you leave',
    kept: 'We keep for the change',
    toPay: 'You pay',
    toGet: 'We give back',
    even: 'You pay nothing',
    newLines: 'The new flight, line by line',
    oldLines: 'The flight you leave, line by line',
    seats:
      'We seat you together when we can. Your present flight is yours until the change is confirmed.',
    confirm: 'Confirm the change',
    pay: (total: string) => `Pay ${total} and change`,
    working: 'Changing your flight…',
    unclear: 'There is no answer yet; we keep asking. It will not be done or charged twice.',
    declined:
      'The bank declined the payment: nothing was charged and your flight is as it was. Try another card.',
    done: 'Your flight has changed.',
    donePaid: (total: string) => `We charged ${total}.`,
    doneBack: (total: string) => `We give ${total} back to the card you paid with.`,
    askAgain: 'Ask for another quote',
    outside: (first: string, last: string) =>
      `We sell flights from ${first} to ${last}. Choose a day between the two.`,
    refused: {
      not_as_booked:
        'We could not quote this change online: the passengers are not as booked (a resident with a fare of their own, for example). You can cancel and book again.',
      flights_overlap:
        'With that flight your flights would be out of order. Choose a day between the one before and the next.',
    } as Said,
  },
})
