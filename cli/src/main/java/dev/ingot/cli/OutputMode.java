package dev.ingot.cli;

/** When the output of a supervised program is passed on to where that of {@code run} goes. */
enum OutputMode {
    /** {@link #LIVE} on a terminal, {@link #EXACT} elsewhere. */
    AUTO,
    /** Only when it cannot be taken back any more: once an image was taken behind it, or the program has ended. */
    EXACT,
    /** At once; what comes again after a failover is not passed on twice. */
    LIVE,
    /** The program writes to it itself; what comes again is there twice. */
    DIRECT
}
