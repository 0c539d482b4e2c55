"""The arguments of each command, by what the command works on; nothing of what a command needs is loaded."""
