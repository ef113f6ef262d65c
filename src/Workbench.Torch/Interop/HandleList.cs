using System.Runtime.InteropServices;

using TorchSharp;

namespace Workbench.Torch.Interop;

/// <summary>
/// Tensors lent to a call that takes a list of them: each handle is held while the list lives, so that no other thread can
/// free one under the call.
/// </summary>
internal ref struct HandleList
{
    private readonly TensorHandle[] _held;
    private readonly nint[] _raw;
    private int _count;

    public HandleList(IEnumerable<torch.Tensor?>? tensors)
    {
        _held = tensors is null ? [] : [.. tensors.Select(t => t?.handle ?? TensorHandle.None)];
        _raw = new nint[_held.Length];
        try
        {
            for (; _count < _held.Length; _count++)
            {
                var added = false;
                _held[_count].DangerousAddRef(ref added);
                _raw[_count] = _held[_count].DangerousGetHandle();
            }
        }
        catch (ObjectDisposedException)
        {
            Dispose();
            throw;
        }
    }

    public readonly nint[] Raw => _raw;
    public readonly int Count => _raw.Length;
    public readonly nint this[int i] => _raw[i];

    public void Dispose()
    {
        while (_count > 0)
        {
            _held[--_count].DangerousRelease();
        }
    }
}

/// <summary>Receives a list of new handles from a call.</summary>
internal static unsafe class HandleSink
{
    public static delegate* unmanaged<nint*, int, nint, void> Callback => &Take;

    /// <summary>Runs <paramref name="call"/> with a state that <see cref="Callback"/> fills; null handles stay null.</summary>
    public static torch.Tensor?[] Collect(Func<nint, Status> call)
    {
        var taken = new List<nint>();
        var state = GCHandle.Alloc(taken);
        try
        {
            Native.Check(call(GCHandle.ToIntPtr(state)));
        }
        finally
        {
            state.Free();
        }

        return [.. taken.Select(handle => handle == 0 ? null : new torch.Tensor(handle))];
    }

    [UnmanagedCallersOnly]
    private static void Take(nint* handles, int count, nint state)
    {
        var taken = (List<nint>)GCHandle.FromIntPtr(state).Target!;
        taken.AddRange(new ReadOnlySpan<nint>(handles, count));
    }
}
