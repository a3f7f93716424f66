package dev.ingot.cli;

import dev.ingot.core.image.ClassCount;
import dev.ingot.core.image.ClassPathEntry;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.Manifest;
import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.OpenSocket;
import dev.ingot.core.image.SectionEntry;
import dev.ingot.core.image.ThreadSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** One thing that two images do not have in common; {@code before} or {@code after} is empty where only the other has it. */
record Difference(String what, String name, String before, String after) {

    static List<Difference> between(Manifest before, Manifest after) {
        List<Difference> found = new ArrayList<>();
        compare("program", program(before), program(after), found);
        compare("section", sections(before), sections(after), found);
        ImageContents a = before.contents();
        ImageContents b = after.contents();
        compare("thread", threads(a), threads(b), found);
        compare("class", classes(a), classes(b), found);
        compare(
                "file",
                named(a.files(), OpenFile::path, Difference::text),
                named(b.files(), OpenFile::path, Difference::text),
                found);
        compare("socket", sockets(a), sockets(b), found);
        compare("class path", classPath(a), classPath(b), found);
        compare("property", Secrets.masked(a.properties()), Secrets.masked(b.properties()), found);
        return found;
    }

    private static void compare(
            String what, Map<String, String> before, Map<String, String> after, List<Difference> found) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String first = before.getOrDefault(name, "");
            String second = after.getOrDefault(name, "");
            if (!first.equals(second)) {
                found.add(new Difference(what, name, first, second));
            }
        }
    }

    private static Map<String, String> program(Manifest manifest) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("name", manifest.name());
        facts.put("created", manifest.created().toString());
        facts.put("java", manifest.process().jdk().version());
        facts.put("system", manifest.process().os() + " " + manifest.process().arch());
        facts.put(
                "arguments", String.join(" ", Secrets.masked(manifest.process().arguments())));
        facts.put("directory", manifest.process().workingDirectory());
        facts.put("objects", Long.toString(manifest.contents().heap().objects()));
        facts.put("ingot", manifest.ingotVersion());
        return facts;
    }

    private static Map<String, String> sections(Manifest manifest) {
        return named(
                manifest.sections(),
                SectionEntry::name,
                section -> Amount.bytes(section.plainBytes()) + " (" + Amount.bytes(section.storedBytes()) + ")");
    }

    private static Map<String, String> threads(ImageContents contents) {
        return named(
                contents.threads(),
                ThreadSummary::name,
                thread -> thread.state()
                        + (thread.stack().isEmpty()
                                ? ""
                                : " at " + thread.stack().get(0)));
    }

    private static Map<String, String> classes(ImageContents contents) {
        return named(
                contents.heap().topClasses(),
                ClassCount::className,
                count -> count.objects() + " objects, " + count.bytes() + " bytes");
    }

    private static String text(OpenFile file) {
        return file.mode() + " at " + file.position() + " of " + file.size();
    }

    private static Map<String, String> sockets(ImageContents contents) {
        return named(contents.sockets(), socket -> socket.kind() + " " + socket.local(), OpenSocket::remote);
    }

    private static Map<String, String> classPath(ImageContents contents) {
        return named(
                contents.classPath(),
                ClassPathEntry::path,
                entry -> entry.size() < 0 ? "missing" : entry.size() + " bytes of " + Amount.time(entry.modified()));
    }

    // Names need not be unique: two threads of one name are told apart by their number.
    private static <T> Map<String, String> named(List<T> things, Function<T, String> name, Function<T, String> text) {
        Map<String, String> result = new TreeMap<>();
        for (T thing : things) {
            String unique = name.apply(thing);
            for (int number = 2; result.containsKey(unique); number++) {
                unique = name.apply(thing) + " #" + number;
            }
            result.put(unique, text.apply(thing));
        }
        return result;
    }
}
