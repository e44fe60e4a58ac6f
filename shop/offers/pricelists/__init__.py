"""From a supplier's file to prices in force: receiving → reading → trial → brakes → switching, and back."""
