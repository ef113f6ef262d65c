using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lies, or is to lie: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</summary>
    public class Device
    {
        public DeviceType type { get; private set; } = DeviceType.CPU;
        public int index { get; private set; } = -1;

        /// <param name="description">type[:index], as <c>cuda:0</c></param>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon]);
            if (colon >= 0)
            {
                index = int.Parse(description.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        public Device(string deviceType, int index = -1)
        {
            type = Parse(deviceType);
            this.index = index;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <param name="index">the CUDA device's number</param>
        public Device(int index)
        {
            type = DeviceType.CUDA;
            this.index = index;
        }

        public override string ToString() =>
            type == DeviceType.CPU || index == -1 ? Name(type) : $"{Name(type)}:{index.ToString(CultureInfo.InvariantCulture)}";

        public static implicit operator Device(string description) => new(description);

        private static DeviceType Parse(string name) =>
            Enum.TryParse<DeviceType>(name, ignoreCase: true, out var type) && Enum.IsDefined(type) && !int.TryParse(name, out _)
                ? type
                : throw new ArgumentException($"\"{name}\" is no device; the devices are cpu, cuda and cuda:N", nameof(name));

        // Device names are printed in lower case, as PyTorch prints them.
#pragma warning disable CA1308
        private static string Name(DeviceType type) => type.ToString().ToLowerInvariant();
#pragma warning restore CA1308
    }

    public static Device CPU = new(DeviceType.CPU, -1);
    public static Device CUDA = new(DeviceType.CUDA, -1);
    public static Device META = new(DeviceType.META, -1);

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(DeviceType.CUDA, index);
}
