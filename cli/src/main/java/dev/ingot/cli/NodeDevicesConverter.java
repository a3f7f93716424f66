package dev.ingot.cli;

import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.spec.AcceleratorText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The accelerators of a node, as a number or by kind. */
final class NodeDevicesConverter implements ITypeConverter<NodeDevices> {
    @Override
    public NodeDevices convert(String text) {
        try {
            return AcceleratorText.ofNode(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }
}
