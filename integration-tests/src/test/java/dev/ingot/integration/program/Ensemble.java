package dev.ingot.integration.program;

/** Plays one part of several, by the variables that tell a member of a gang which one it is. */
public final class Ensemble {
    private Ensemble() {}

    public static void main(String[] arguments) {
        String part = System.getenv("INGOT_GANG_INDEX") + " of " + System.getenv("INGOT_GANG_SIZE");
        for (int bar = 1; bar <= Pace.ROUNDS; bar++) {
            Pace.say("part " + part + " bar " + bar);
        }
    }
}
