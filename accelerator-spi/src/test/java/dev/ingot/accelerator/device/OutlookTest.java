package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.Equipment;
import dev.ingot.accelerator.state.ImageDevice;
import dev.ingot.accelerator.state.ImageDevices;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutlookTest {
    private static final Operation GEMM = StandardOperations.GEMM_F32;
    private static final DeviceDescriptor CARD = device("card", DeviceKind.GPU, Determinism.BITWISE_ANY_KIND, 1);
    private static final DeviceDescriptor COARSE = device("coarse", DeviceKind.FPGA, Determinism.BITWISE_ANY_KIND, 16);
    private static final DeviceDescriptor SLOPPY = device("sloppy", DeviceKind.CPU, Determinism.TOLERANCE, 1);

    @Test
    void goesOnOnTheDeviceOfItsNameAndElsewhereNotUnasked() {
        assertThat(outlook(null, Map.of(), CARD, SLOPPY)).isEqualTo(new Outlook(true, 0, ""));
        assertThat(outlook(null, Map.of(), COARSE))
                .isEqualTo(new Outlook(false, 0, "what was on device card:0 cannot go on: there is no device card:0"));
    }

    @Test
    void goesOnOnWhatTheJobNamesWhereTheDeviceIsMissingAndSaysWhatThatTakes() {
        assertThat(outlook(null, Map.of("INGOT_DEVICE_INSTEAD", "gpu=coarse"), COARSE))
                .isEqualTo(new Outlook(true, 5 * 3_000_000, ""));
        assertThat(outlook(null, Map.of("INGOT_DEVICE_INSTEAD", "gpu=coarse"), COARSE, CARD))
                .isEqualTo(new Outlook(true, 0, ""));
    }

    @Test
    void aPromiseIsNotLoweredWithoutConsent() {
        Map<String, String> instead = Map.of("INGOT_DEVICE_INSTEAD", "card=cpu");
        Map<String, String> consenting =
                Map.of("INGOT_DEVICE_INSTEAD", "card=cpu", "INGOT_DEVICE_DETERMINISM", "tolerance");

        Outlook refused = outlook(null, instead, SLOPPY);
        assertThat(refused).isNotNull();
        assertThat(refused.isPossible()).isFalse();
        assertThat(refused.reason())
                .contains("to which the job has not consented", "gemm.f32@1 is BITWISE_ANY_KIND on");
        assertThat(outlook(null, consenting, SLOPPY)).isEqualTo(new Outlook(true, 0, ""));
        assertThat(outlook(Determinism.TOLERANCE, instead, SLOPPY)).isEqualTo(new Outlook(true, 0, ""));
        assertThat(outlook(Determinism.BITWISE_SAME_KIND, instead, SLOPPY).isPossible())
                .isFalse();
    }

    @Test
    void nothingIsSaidWhereSomebodyHasNotLooked() {
        String image = image(null, Set.of("card", "own"));

        assertThat(Outlook.of(image, equipment(Set.of("card", "coarse"), COARSE), Map.of()))
                .isNull();
        assertThat(Outlook.of(image, equipment(Set.of("card", "own", "coarse"), COARSE), Map.of()))
                .isNotNull();
    }

    /** A provider that the program does not have finds nothing for it, whoever else has it. */
    @Test
    void onlyWhatTheProgramFindsIsOfUse() {
        assertThat(Outlook.of(
                        image(null, Set.of("card")),
                        equipment(Set.of("card", "coarse"), COARSE),
                        Map.of("INGOT_DEVICE_INSTEAD", "gpu=coarse")))
                .isEqualTo(new Outlook(false, 0, "what was on device card:0 cannot go on: there is no device coarse"));
    }

    /** The program brings its JVM along, with the memory it was given and the promises of that build. */
    @Test
    void whatIsPartOfAJvmIsThatOfTheProgram() {
        DeviceDescriptor own = new DeviceDescriptor(
                "card",
                "0",
                DeviceKind.GPU,
                "model",
                "1",
                2000,
                Map.of(),
                Map.of(GEMM.identity(), new OperationSupport(GEMM.identity(), Determinism.BITWISE_SAME_BUILD, 1)),
                Set.of());
        String image = new ImageDevices(
                        Set.of("card"),
                        List.of(new ImageDevice(
                                null, null, new DeviceState(1, own, List.of(), List.of(), List.of(GEMM), null))))
                .text();

        assertThat(Outlook.of(image, equipment(Set.of("card"), Outlook.ofSomeJvm(own)), Map.of()))
                .isEqualTo(new Outlook(true, 0, ""));
    }

    /** Both go to one provider; what goes there by name is where it says, though it comes later. */
    @Test
    void choosesAsAResumeDoes() {
        DeviceDescriptor fine = device("twin", "0", DeviceKind.GPU, Determinism.BITWISE_ANY_KIND, 1);
        DeviceDescriptor rough = device("twin", "1", DeviceKind.GPU, Determinism.BITWISE_ANY_KIND, 16);
        Set<String> providers = Set.of("card", "coarse", "twin");
        String image = new ImageDevices(
                        providers,
                        List.of(
                                new ImageDevice(null, null, state(CARD)),
                                new ImageDevice("second", null, state(COARSE))))
                .text();

        assertThat(Outlook.of(
                        image, equipment(providers, fine, rough), Map.of(), Map.of("card", "gpu", "second", "twin:0")))
                .isEqualTo(new Outlook(true, 5 * 3_000_000, ""));
    }

    private static Outlook outlook(
            @Nullable Determinism accepted, Map<String, String> environment, DeviceDescriptor... there) {
        Set<String> providers = Set.of("card", "coarse", "sloppy");
        Outlook outlook = Outlook.of(image(accepted, providers), equipment(providers, there), environment);
        assertThat(outlook).isNotNull();
        return outlook;
    }

    private static String image(@Nullable Determinism accepted, Set<String> providers) {
        return new ImageDevices(providers, List.of(new ImageDevice(null, accepted, state(CARD)))).text();
    }

    private static DeviceState state(DeviceDescriptor takenOn) {
        CommandState command = new CommandState("queue", GEMM, 100, 37, null, 3e6);
        return new DeviceState(DeviceState.FORMAT, takenOn, List.of(), List.of(command), List.of(GEMM), null);
    }

    private static String equipment(Set<String> providers, DeviceDescriptor... devices) {
        return new Equipment(providers, Arrays.asList(devices)).text();
    }

    private static DeviceDescriptor device(String provider, DeviceKind kind, Determinism determinism, long grain) {
        return device(provider, "0", kind, determinism, grain);
    }

    private static DeviceDescriptor device(
            String provider, String id, DeviceKind kind, Determinism determinism, long grain) {
        OperationSupport support = new OperationSupport(GEMM.identity(), determinism, grain);
        return new DeviceDescriptor(
                provider,
                id,
                kind,
                "model",
                "1",
                1000,
                Map.of(),
                Map.of(GEMM.identity(), support),
                Set.of(KernelFormat.OPENCL_C));
    }
}
