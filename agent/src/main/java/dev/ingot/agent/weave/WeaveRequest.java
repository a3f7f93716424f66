package dev.ingot.agent.weave;

import java.util.Set;

/**
 * How one class is to be woven.
 *
 * @param jdkRules weave only the methods listed for the JDK, without polls
 * @param forwarder a generated class that only forwards calls, such as a lambda's; it gets no polls
 * @param allResumable all methods are resumable, because the class cannot be woven again
 * @param resumable name and descriptor of the methods that must be resumable
 */
public record WeaveRequest(boolean jdkRules, boolean forwarder, boolean allResumable, Set<String> resumable) {

    /**
     * Stands among the resumable methods for a class that is a superclass of one whose constructor is on a stack: all its
     * constructors must be able to run without effect.
     */
    public static final String PLACEHOLDER = "<placeholder>";

    /** A class of the program about to be loaded. */
    public static final WeaveRequest PROGRAM = new WeaveRequest(false, false, false, Set.of());

    /** A hidden class. */
    public static final WeaveRequest HIDDEN = new WeaveRequest(false, false, true, Set.of());

    /** The hidden class of a lambda. */
    public static final WeaveRequest FORWARDER = new WeaveRequest(false, true, true, Set.of());
}
