"""What the hub gives to sites and calendars: values in, bytes out. Pure."""
