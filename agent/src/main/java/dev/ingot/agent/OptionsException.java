package dev.ingot.agent;

import java.util.List;

/** An agent option string that cannot be understood. The message lists every problem of the string, not only the first. */
public final class OptionsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf gives a serializable list
    private final List<String> problems;

    /**
     * @param options the whole option string as the user wrote it
     * @param problems one sentence each, at least one
     */
    public OptionsException(String options, List<String> problems) {
        super(message(options, problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems in the order of the option string, one sentence each. */
    public List<String> problems() {
        return problems;
    }

    private static String message(String options, List<String> problems) {
        var message = new StringBuilder("cannot start the program under Ingot: ")
                .append(problems.size() == 1 ? "a problem" : problems.size() + " problems")
                .append(" in the agent options '")
                .append(options)
                .append('\'');
        for (String problem : problems) {
            message.append(System.lineSeparator()).append("  ").append(problem);
        }
        return message.toString();
    }
}
