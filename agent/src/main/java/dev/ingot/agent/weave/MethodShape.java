package dev.ingot.agent.weave;

/**
 * How a method is to be woven.
 *
 * @param resumable with an entry switch
 * @param base may be the bottom frame of a thread
 * @param entryPoll polls at its entry
 * @param loopPolls polls at its loop headers
 * @param mostKept without sites inside expressions, where more slots of the operand stack than these would have to be saved: a thread
 *     there is pinned until the expression is computed
 * @param versioned whether another JVM may have other code for the method, though of the same meaning
 * @param keepsParameters whether a frame keeps what the method was called with, used later or not
 */
record MethodShape(
        boolean resumable,
        boolean base,
        boolean entryPoll,
        boolean loopPolls,
        int mostKept,
        boolean versioned,
        boolean keepsParameters) {
    static final int ALL = Integer.MAX_VALUE;

    MethodShape withResumable(boolean value) {
        return new MethodShape(value, base, entryPoll, loopPolls, mostKept, versioned, keepsParameters);
    }

    MethodShape withMostKept(int slots) {
        return new MethodShape(resumable, base, entryPoll, loopPolls, slots, versioned, keepsParameters);
    }
}
