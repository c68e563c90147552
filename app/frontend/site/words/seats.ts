import { words } from '../language.ts'

const seatWord = (n: number) => (n === 1 ? '1 silla' : `${n} sillas`)
const seatWordEn = (n: number) => (n === 1 ? '1 seat' : `${n} seats`)

export const seatsWords = words({
  es: {
    title: 'Elige tus sillas',
    lead: (n: number) =>
      `Las sillas no cuestan nada extra. Elige ${seatWord(n)}: en cuanto estén, las apartamos para ti.`,
    infants: 'Los infantes viajan en brazos y no necesitan silla.',
    flights: 'Vuelos del viaje',
    map: (flight: string) => `Sillas del vuelo ${flight}`,
    keys: 'Con el teclado: flechas para moverte, Enter para elegir.',
    loading: 'Cargando el mapa de sillas…',
    stale: 'El mapa puede estar desactualizado.',
    again: 'Volver a intentar',
    cabin: {
      economy: 'Económica',
      premium_economy: 'Económica premium',
      business: 'Ejecutiva',
      first: 'Primera',
    },
    exit: 'Salida de emergencia',
    exitRow: 'fila de salida de emergencia',
    row: 'Fila',
    place: { window: 'ventana', middle: 'centro', aisle: 'pasillo' },
    state: {
      free: 'disponible',
      mine: 'elegida por ti',
      taken: 'ocupada',
      other: 'de otra cabina',
    },
    seat: (seat: string, place: string, state: string) => `Silla ${seat}, ${place}, ${state}`,
    legend: 'Qué significa cada color',
    legendOf: { free: 'Disponible', mine: 'Tuya', taken: 'Ocupada', other: 'Otra cabina' },
    yours: 'Tus sillas',
    none: 'Ninguna aún',
    chosen: (n: number, of: number) => `${n} de ${of}`,
    holding: 'Apartando…',
    held: 'Apartadas para ti',
    missing: (n: number, flight: string) =>
      `Te falta elegir ${seatWord(n)} en ${flight}. También puedes omitirlo: te damos cualquiera.`,
    lost: (seats: string) =>
      `Otra persona acaba de tomar la ${seats}. Las demás siguen siendo tuyas: elige otra.`,
    lostOnly: (seats: string) => `Otra persona acaba de tomar la ${seats}. Elige otra.`,
    ended: 'Se acabó el tiempo y soltamos tus sillas. Elígelas de nuevo; siguen siendo gratis.',
    next: 'Siguiente vuelo',
    on: 'Continuar',
    skip: 'Omitir: denme cualquier silla',
    drop: 'Soltar mis sillas',
    booked: (reference: string) =>
      `Ya reservaste con estas sillas (${reference}). Si eliges otras, será otra reserva.`,
    pay: 'Ir a pagarla',
  },
  en: {
    title: 'Choose your seats',
    lead: (n: number) =>
      `Seats cost nothing extra. Choose ${seatWordEn(n)}: we hold them for you as soon as you have.`,
    infants: 'Infants travel on a lap and need no seat.',
    flights: 'Flights of the trip',
    map: (flight: string) => `Seats of flight ${flight}`,
    keys: 'With the keyboard: arrows to move, Enter to choose.',
    loading: 'Loading the seat map…',
    stale: 'The map may be out of date.',
    again: 'Try again',
    cabin: {
      economy: 'Economy',
      premium_economy: 'Premium economy',
      business: 'Business',
      first: 'First',
    },
    exit: 'Emergency exit',
    exitRow: 'emergency exit row',
    row: 'Row',
    place: { window: 'window', middle: 'middle', aisle: 'aisle' },
    state: {
      free: 'available',
      mine: 'chosen by you',
      taken: 'taken',
      other: 'of another cabin',
    },
    seat: (seat: string, place: string, state: string) => `Seat ${seat}, ${place}, ${state}`,
    legend: 'What each colour means',
    legendOf: { free: 'Available', mine: 'Yours', taken: 'Taken', other: 'Another cabin' },
    yours: 'Your seats',
    none: 'None yet',
    chosen: (n: number, of: number) => `${n} of ${of}`,
    holding: 'Holding…',
    held: 'Held for you',
    missing: (n: number, flight: string) =>
      `Choose ${seatWordEn(n)} more on ${flight}. Or skip it: we give you any.`,
    lost: (seats: string) =>
      `Somebody else has just taken ${seats}. The others are still yours: choose another.`,
    lostOnly: (seats: string) => `Somebody else has just taken ${seats}. Choose another.`,
    ended: 'Time is over and we let your seats go. Choose them again; they are still free.',
    next: 'Next flight',
    on: 'Continue',
    skip: 'Skip: give us any seats',
    drop: 'Let my seats go',
    booked: (reference: string) =>
      `You have booked with these seats (${reference}). Choosing others makes another booking.`,
    pay: 'Go and pay for it',
  },
})
