import { createTheme } from "@mantine/core";

const quick = { transitionProps: { duration: 100, transition: "fade" } } as const;

/** Behaviour of the components; every colour is in tokens.css, so that no style element has to be made at run time. */
export const theme = createTheme({
  primaryColor: "blue",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { ...quick, openDelay: 250, withArrow: false, withinPortal: true } },
    Menu: { defaultProps: { ...quick, withinPortal: true } },
    Popover: { defaultProps: quick },
    Combobox: { defaultProps: quick },
    // A locked page would need a style element; the panels close when the page behind them is clicked instead.
    Modal: { defaultProps: { ...quick, lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
  },
});
