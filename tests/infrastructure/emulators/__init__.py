"""What the emulators of AWS lack: each file adds the calls or fields of one service.

Run in the emulators' own environment (``requirements.lock``), never imported by the tests.
"""
