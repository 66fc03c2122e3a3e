"""The demo clinic: invented people only. Nothing here runs outside the demo."""
