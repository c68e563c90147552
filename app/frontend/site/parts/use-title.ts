import { useEffect } from 'preact/hooks'

/** The title of the page in the browser and in its history. */
export const useTitle = (title: string) => {
  useEffect(() => {
    document.title = `${title} · AeroFlash`
  }, [title])
}
