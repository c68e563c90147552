import { words } from '../language.ts'

export const trips = words({
  es: {
    title: 'Mis viajes',
    loading: 'Cargando tus viajes…',
    none: 'Todavía no tienes viajes',
    noneHow: 'Las reservas que hagas con tu cuenta aparecen aquí.',
    search: 'Buscar vuelos',
    other: 'Abrir una reserva hecha sin cuenta',
    more: 'Ver más',
    again: 'Reintentar',
    placed: (day: string) => `Reservado el ${day}`,
    noFlights: 'Sin vuelos',
  },
  en: {
    title: 'My trips',
    loading: 'Loading your trips…',
    none: 'You have no trips yet',
    noneHow: 'Bookings that you make with your account appear here.',
    search: 'Search flights',
    other: 'Open a booking made without an account',
    more: 'Show more',
    again: 'Try again',
    placed: (day: string) => `Booked on ${day}`,
    noFlights: 'No flights',
  },
})
