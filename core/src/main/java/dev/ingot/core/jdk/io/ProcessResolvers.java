package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Slot;
import java.io.Console;
import java.io.IOException;
import java.util.List;

/** What stands for processes and for the terminal. */
final class ProcessResolvers {
    private ProcessResolvers() {}

    static List<ObjectResolver<?>> all() {
        return List.of(new HandleResolver(), new ConsoleResolver());
    }

    /** The handle of this process becomes that of the new one; others name the process they named, which may have ended. */
    private static final class HandleResolver implements ObjectResolver<ProcessHandle> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("java.lang.ProcessHandleImpl");
        }

        @Override
        public Object[] describe(ProcessHandle handle) {
            boolean self = handle.pid() == ProcessHandle.current().pid();
            return new Object[] {
                self, handle.pid(), Slot.of(handle.getClass(), "startTime").getLong(handle)
            };
        }

        @Override
        public ProcessHandle resolve(Class<?> type, Object[] description) throws NotRestorableException {
            if ((Boolean) description[0]) {
                return ProcessHandle.current();
            }
            try {
                return (ProcessHandle)
                        JdkCall.constructor(type, long.class, long.class).result(null, description[1], description[2]);
            } catch (IOException e) {
                throw new NotRestorableException("cannot name process " + description[1] + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class ConsoleResolver implements ObjectResolver<Console> {
        @Override
        public boolean accepts(Class<?> type) {
            return Console.class.isAssignableFrom(type);
        }

        @Override
        public Object[] describe(Console console) {
            return new Object[0];
        }

        /** Later JDKs give a console without a terminal too; earlier ones give none. */
        @Override
        @SuppressWarnings("SystemConsoleNull")
        public Console resolve(Class<?> type, Object[] description) throws NotRestorableException {
            Console console = System.console();
            if (console == null) {
                throw new NotRestorableException(
                        "cannot restore the program's java.io.Console: this process has no terminal; resume on one");
            }
            return console;
        }
    }
}
