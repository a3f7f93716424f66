package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedClassTest {
    @TempDir
    private Path directory;

    @Test
    void addedFieldIsZeroAndRemovedFieldIsNamed() throws Exception {
        String report = move(
                "long kept = 1; String name = \"n\"; int gone = 2; Object lost = name; short last = 3;",
                "int added = 9; short last; String name; Object more = this; long kept;");

        assertThat(report).contains("added=0", "kept=1", "last=3", "name=n", "more=null");
        assertThat(report)
                .contains("class Evolving has lost its field 'gone'", "class Evolving has lost its field 'lost'");
    }

    @Test
    void widenedFieldKeepsItsValue() throws Exception {
        String report = move(
                "byte b = -1; short s = -2; char c = '\\uffff'; int i = -3; int j = 1 << 30; long k = -4; float f = 1.5f;"
                        + " static int counted = -5; String text = \"t\"; Integer number = 6; java.util.ArrayList<?> list;",
                "long b; int s; int c; long i; double j; double k; double f;"
                        + " static long counted; CharSequence text; Number number; Object list = this;");

        assertThat(report)
                .contains("b=-1", "s=-2", "c=65535", "i=-3", "j=1.073741824E9", "k=-4.0", "f=1.5", "counted=-5")
                .contains("text=t", "number=6", "list=null");
    }

    @Test
    void renamedFieldIsFoundByItsFormerName() throws Exception {
        String report = move(
                "int count = 1; String title = \"t\"; static long total = 2; int kept = 3; int other = 4;",
                "@dev.ingot.api.FormerName(\"count\") int number; @dev.ingot.api.FormerName({\"label\", \"title\"}) Object name;"
                        + " @dev.ingot.api.FormerName(\"total\") static long sum;"
                        + " int kept; @dev.ingot.api.FormerName(\"kept\") int more; int other;");

        assertThat(report)
                .contains("number=1", "name=t", "sum=2", "kept=3", "more=0", "other=4")
                .doesNotContain("has lost");
    }

    @Test
    void changedTypeIsRefusedWithClassAndField() throws Exception {
        String report = move("long step = 1;", "int step = 1;");

        assertThat(report)
                .contains("class Evolving changed since the image was taken: field 'step' was J and is I")
                .contains("reached by java.lang.Object[0]");
    }

    @Test
    void objectThatDoesNotFitTheNewTypeIsRefused() throws Exception {
        assertThat(move("Object held = \"text\";", "Number held;"))
                .contains(
                        "cannot store a java.lang.String in field 'held' of class Evolving, which is a java.lang.Number");
        assertThat(move("Object held = 5;", "java.util.List<?> held;"))
                .contains(
                        "cannot store a java.lang.Integer in field 'held' of class Evolving, which is a java.util.List");
    }

    @Test
    void missingClassIsNamedWithTheWayToIt() throws Exception {
        Path before = directory.resolve("before");
        Path image = directory.resolve("image");
        Sources.compile(before, "Evolving", "public class Evolving {}");
        ForkedJvm.same().run(List.of(before), EvolvingProgram.class, "write", image.toString());

        String report = ForkedJvm.same().run(List.of(), EvolvingProgram.class, "read", image.toString());

        assertThat(report).contains("cannot load class Evolving").contains("reached by java.lang.Object[0]");
    }

    @Test
    void fieldsWhoseTypeIsNotOnTheClassPathAreLeftOut() throws Exception {
        Path classes = directory.resolve("classes");
        Path image = directory.resolve("image");
        Sources.compile(classes, "Evolving", """
                public class Evolving {
                    static Absent never; static int count = 6; long before = 1; Absent gone; String after = "a";
                    static class Absent {}
                }
                """);
        Files.delete(classes.resolve("Evolving$Absent.class"));
        ForkedJvm.same().run(List.of(classes), EvolvingProgram.class, "write", image.toString());

        String report = ForkedJvm.same().run(List.of(classes), EvolvingProgram.class, "read", image.toString());

        assertThat(report).contains("before=1", "after=a", "count=6").doesNotContain("gone");
    }

    @Test
    void headIsReadWithoutLoadingClasses() throws Exception {
        Path before = directory.resolve("before");
        Path image = directory.resolve("image");
        Sources.compile(before, "Evolving", "public class Evolving { static int number = 5; }");
        ForkedJvm.same().run(List.of(before), EvolvingProgram.class, "write", image.toString());

        HeapReader reader = HeapReader.open(new ByteArrayInputStream(Files.readAllBytes(image)), Files.size(image));

        assertThat(reader.initializedClasses()).containsExactly(new InitializedClass("app", "Evolving"));
        assertThat(reader.jdk()).isEqualTo(Runtime.version().feature());
    }

    private String move(String fieldsBefore, String fieldsAfter) throws Exception {
        Path before = directory.resolve("before");
        Path after = directory.resolve("after");
        Sources.compile(before, "Evolving", "public class Evolving { " + fieldsBefore + " }");
        Sources.compile(after, "Evolving", "public class Evolving { " + fieldsAfter + " }");
        Path image = directory.resolve("image");
        ForkedJvm.same().run(List.of(before), EvolvingProgram.class, "write", image.toString());
        return ForkedJvm.same().run(List.of(after), EvolvingProgram.class, "read", image.toString());
    }
}
