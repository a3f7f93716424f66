package dev.ingot.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * Which commands there are under which. Where a command line names one, only that one is made: to make all of them takes several times as long as
 * what most of them do.
 */
final class CommandTree {
    /** Of the pool, and short for those below {@code pool}. */
    private static final List<Class<?>> SHORT = List.of(
            SubmitCommand.class,
            PoolTop.class,
            PoolNodes.class,
            PoolTenants.class,
            PoolTiers.class,
            PoolDescribe.class,
            PoolWhy.class,
            PoolLogs.class,
            PoolEvents.class,
            PoolPlan.class,
            PoolMigrate.class,
            PoolCancel.class,
            PoolCordon.class,
            PoolUncordon.class,
            PoolDrain.class,
            PoolReserve.class,
            PoolLimit.class,
            PoolSimulate.class,
            DashboardCommand.class);

    private static final List<Class<?>> TOP = joined(
            List.of(
                    RunCommand.class,
                    PsCommand.class,
                    CheckpointCommand.class,
                    SuspendCommand.class,
                    ResumeCommand.class,
                    ImagesCommand.class,
                    InspectCommand.class,
                    DiffCommand.class,
                    VerifyCommand.class,
                    DoctorCommand.class,
                    UpCommand.class,
                    NodeCommand.class),
            SHORT,
            List.of(PoolCommand.class));

    /** These are about all others. */
    private static final List<Class<?>> ABOUT_ALL = List.of(AutoComplete.GenerateCompletion.class, HelpCommand.class);

    private static final List<Class<?>> POOL = joined(
            List.of(PoolListing.class, PoolSuspend.class, PoolResume.class),
            SHORT,
            List.of(PoolGrant.class, PoolGrants.class, PoolRevoke.class));

    private CommandTree() {}

    /**
     * Makes the command of a class with what is needed for {@code words}.
     *
     * @param words a command line; none for all commands
     */
    static CommandLine of(Object root, List<String> words) {
        CommandLine line = new CommandLine(root);
        if (!add(line, TOP, words)) {
            ABOUT_ALL.forEach(line::addSubcommand);
        }
        return line;
    }

    private static List<Class<?>> joined(List<Class<?>> first, List<Class<?>> next, List<Class<?>> last) {
        List<Class<?>> all = new ArrayList<>(first);
        all.addAll(next);
        all.addAll(last);
        return List.copyOf(all);
    }

    /** Returns whether only the one was added that is named by the first of {@code words}. */
    private static boolean add(CommandLine parent, List<Class<?>> commands, List<String> words) {
        Class<?> named = words.isEmpty() ? null : find(commands, words.get(0));
        for (Class<?> each : named == null ? commands : List.<Class<?>>of(named)) {
            CommandLine command = new CommandLine(each);
            if (each == PoolCommand.class) {
                add(command, POOL, named == null ? List.of() : words.subList(1, words.size()));
            }
            parent.addSubcommand(command);
        }
        return named != null;
    }

    private static @Nullable Class<?> find(List<Class<?>> commands, String name) {
        for (Class<?> each : commands) {
            if (each.getAnnotation(Command.class).name().equals(name)) {
                return each;
            }
        }
        return null;
    }
}
