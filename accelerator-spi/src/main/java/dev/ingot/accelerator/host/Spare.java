package dev.ingot.accelerator.host;

/** A host that nobody uses yet, with its directory. */
record Spare(HostProcess host, SharedDirectory directory) {
    void end() {
        host.kill();
        directory.close();
    }
}
