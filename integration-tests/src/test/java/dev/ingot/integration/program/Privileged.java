package dev.ingot.integration.program;

import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;

/** Runs below a method of the JDK that a JVM may load only when it weaves this class. */
public final class Privileged {
    private Privileged() {}

    @SuppressWarnings("removal") // What libraries still call.
    public static void main(String[] arguments) throws PrivilegedActionException {
        PrivilegedExceptionAction<Integer> action = Privileged::count;
        System.out.println("counted to " + AccessController.doPrivileged(action));
    }

    private static int count() {
        int round = 0;
        while (round < Pace.ROUNDS / 4) {
            round++;
            Pace.say(round);
        }
        return round;
    }
}
