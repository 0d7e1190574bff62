"""Acquisition, Clean, Load (OSEP-1): reads and checks declared data. Works offline, knows no DataStore."""
