package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.reflect.ReflectCodecs;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdk.internal.reflect.ReflectionFactory;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // members are found by name
final class ReflectionRoundTripTest {

    @Test
    void findsMethodsByNameParametersAndReturnType() throws Exception {
        for (Method method : Narrowed.class.getDeclaredMethods()) {
            assertThat(RoundTrip.resolved(method)).isEqualTo(method);
        }
        assertThat(Narrowed.class.getDeclaredMethods()).hasSizeGreaterThan(1);
    }

    @Test
    void keepsTheAccessibleFlag() throws Exception {
        Method open = Secret.class.getDeclaredMethod("tell");
        open.setAccessible(true);
        Method shut = Secret.class.getDeclaredMethod("tell");

        assertThat(HiddenMethod.isAccessible(RoundTrip.resolved(open))).isTrue();
        assertThat(HiddenMethod.isAccessible(RoundTrip.resolved(shut))).isFalse();
    }

    @Test
    void findsConstructorsFieldsParametersAndComponents() throws Exception {
        var constructor = Secret.class.getDeclaredConstructor(String.class);
        Field field = Secret.class.getDeclaredField("word");
        var component = Point.class.getRecordComponents()[1];

        assertThat(RoundTrip.resolved(constructor)).isEqualTo(constructor);
        assertThat(RoundTrip.resolved(constructor.getParameters()[0]))
                .isEqualTo(constructor.getParameters()[0]);
        assertThat(RoundTrip.resolved(field)).isEqualTo(field);
        assertThat(RoundTrip.resolved(component).getName()).isEqualTo("y");
    }

    @Test
    void keepsWhatConstructorsForSerializationMake() throws Exception {
        ReflectionFactory factory = ReflectionFactory.getReflectionFactory();
        Constructor<?> ofObject = factory.newConstructorForSerialization(Secret.class, Object.class.getConstructor());
        Constructor<?> ofBase =
                factory.newConstructorForSerialization(Derived.class, Base.class.getDeclaredConstructor());
        Constructor<?> ofJdk = factory.newConstructorForSerialization(ArrayList.class);
        Constructor<?> own = factory.newConstructorForSerialization(Base.class, Base.class.getDeclaredConstructor());

        assertThat(RoundTrip.resolved(ofObject).newInstance()).isInstanceOf(Secret.class);
        assertThat(RoundTrip.resolved(ofBase).newInstance()).isInstanceOf(Derived.class);
        assertThat(RoundTrip.resolved(ofJdk).newInstance()).isInstanceOf(ArrayList.class);
        assertThat(RoundTrip.resolved(own).newInstance().getClass()).isSameAs(Base.class);
    }

    @Test
    void findsPublicMembersOfAClassWhoseOtherMembersNameAMissingClass() throws Exception {
        Class<?> clerk = new LoaderWithoutOptionalClass().loadClass(Clerk.class.getName());
        assertThatThrownBy(clerk::getDeclaredMethods).isInstanceOf(NoClassDefFoundError.class);

        for (AccessibleObject member : List.of(
                clerk.getMethod("serve", String.class), clerk.getConstructor(String.class), clerk.getField("name"))) {
            assertThat(RoundTrip.resolved(member)).isEqualTo(member);
        }
    }

    @Test
    void namesAMissingMethod() {
        ObjectResolver<?> resolver = ReflectCodecs.resolvers().stream()
                .filter(candidate -> candidate.accepts(Method.class))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> resolver.resolve(
                        Method.class,
                        new Object[] {String.class, "gone", new Class<?>[] {int.class}, void.class, false}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("java.lang.String.gone")
                .hasMessageContaining("same class path");
    }

    @Test
    void refusesADamagedDescription() {
        ObjectResolver<?> resolver = ReflectCodecs.resolvers().get(0);

        assertThatThrownBy(() -> resolver.resolve(Method.class, new Object[] {"not a class"}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("damaged");
    }

    private interface Source {
        Object next();
    }

    private static final class Narrowed implements Source {
        @Override
        public String next() {
            return "";
        }
    }

    private static final class Secret {
        private final String word;

        private Secret(String word) {
            this.word = word;
        }

        private String tell() {
            return word;
        }
    }

    private record Point(int x, int y) {}

    /** A class of a library that need not be there. */
    public static final class Absent {}

    @SuppressWarnings("CanBeFinal")
    public static final class Clerk {
        public String name;
        private Absent helper = new Absent();

        public Clerk(String name) {
            this.name = name;
        }

        private Clerk(Absent helper) {
            this.name = "";
            this.helper = helper;
        }

        public String serve(String guest) {
            return name + guest;
        }

        private void ask(Absent other) {
            helper = other;
        }
    }

    private static final class LoaderWithoutOptionalClass extends ClassLoader {
        LoaderWithoutOptionalClass() {
            super(ReflectionRoundTripTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(Absent.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            return name.equals(Clerk.class.getName()) ? defineClerk(name) : super.loadClass(name, resolve);
        }

        private Class<?> defineClerk(String name) throws ClassNotFoundException {
            try (InputStream stream =
                    Objects.requireNonNull(getParent().getResourceAsStream(name.replace('.', '/') + ".class"))) {
                byte[] classFile = stream.readAllBytes();
                return defineClass(name, classFile, 0, classFile.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static class Base {
        Base() {}
    }

    private static final class Derived extends Base {
        Derived(int number) {}
    }
}
