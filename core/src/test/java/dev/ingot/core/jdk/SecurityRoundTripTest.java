package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecurityRoundTripTest {

    @Test
    void findsProvidersOfTheJdk() throws Exception {
        Provider provider = Security.getProvider("SUN");

        assertThat(RoundTrip.resolved(provider)).isSameAs(provider);
    }

    @Test
    void carriesServicesOfTheJdk() throws Exception {
        Provider.Service service = Security.getProvider("SUN").getService("MessageDigest", "SHA-256");

        Provider.Service restored = RoundTrip.restored(service);

        assertThat(restored.getClassName()).isEqualTo(service.getClassName());
        assertThat(restored.newInstance(null)).isInstanceOf(MessageDigestSpi.class);
    }

    @Test
    void carriesServicesOfTheProgramsProviders() throws Exception {
        Provider.Service service = new Own().getService("MessageDigest", "Sum");
        assertThat(service.newInstance(null)).isInstanceOf(Sum.class);

        Provider.Service restored = RoundTrip.restored(service);

        assertThat(restored.getProvider()).isSameAs(service.getProvider());
        assertThat(restored.getAttribute("Width")).isEqualTo("1");
        assertThat(restored.newInstance(null)).isInstanceOf(Sum.class);
    }

    @Test
    void namesAServiceThisJvmDoesNotHave() {
        Provider provider = Security.getProvider("SUN");
        Provider.Service any = provider.getService("MessageDigest", "SHA-256");

        assertThatThrownBy(() -> RoundTrip.restored(any, new Object[] {provider, "MessageDigest", "Missing"}))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("MessageDigest Missing of the security provider SUN");
    }

    private static final class Own extends Provider {
        private static final long serialVersionUID = 1L;

        Own() {
            super("Own", "1", "for this test");
            putService(new Service(
                    this, "MessageDigest", "Sum", Sum.class.getName(), List.of("Total"), Map.of("Width", "1")));
        }
    }

    /** The sum of all bytes. */
    public static final class Sum extends MessageDigest {
        private byte sum;

        public Sum() {
            super("Sum");
        }

        @Override
        protected void engineUpdate(byte input) {
            sum += input;
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            for (int index = offset; index < offset + length; index++) {
                engineUpdate(input[index]);
            }
        }

        @Override
        protected byte[] engineDigest() {
            return new byte[] {sum};
        }

        @Override
        protected void engineReset() {
            sum = 0;
        }
    }
}
