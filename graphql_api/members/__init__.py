"""Members: who may do what in a ledger, and invitations to become one."""
