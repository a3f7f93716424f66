package dev.ingot.cli;

/** An agent that keeps its options for {@link EchoProgram}. */
public final class EchoAgent {
    static final String OPTIONS = "echo.agent.options";

    private EchoAgent() {}

    /** Called by the JVM. */
    public static void premain(String options) {
        System.setProperty(OPTIONS, options);
    }
}
