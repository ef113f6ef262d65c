using Workbench.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of one element type on one device; several tensors may share the same elements. Freed when
    /// its dispose scope ends, when it is disposed, or by the garbage collector if neither happens.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        internal TensorHandle handle;

        internal Tensor(nint handle)
        {
            this.handle = new TensorHandle(handle);
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        /// <summary>Takes over the native tensor of <paramref name="emptied"/>, and its place in its scope.</summary>
        internal Tensor(Tensor emptied)
        {
            handle = emptied.handle;
            emptied.handle = TensorHandle.Moved;
            OwningDisposeScope = emptied.OwningDisposeScope;
            emptied.OwningDisposeScope = null;
            OwningDisposeScope?.Replace(emptied, this);
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>A name for debugging; libtorch does not know it.</summary>
        public string? name { get; set; }

        /// <summary>How many managed tensors are alive.</summary>
        public static long TotalCount => TensorHandle.Live;

        /// <summary>The most managed tensors that were alive at once.</summary>
        public static long PeakCount => TensorHandle.Peak;

        /// <summary>Whether the tensor has been disposed.</summary>
        public bool IsInvalid => handle.IsClosed || handle.IsInvalid;

        /// <summary>The native at::Tensor*. Valid while this tensor is.</summary>
        public IntPtr Handle => IsInvalid
            ? throw new InvalidOperationException(
                "Tensor invalid -- empty handle. It was disposed, perhaps by the end of its dispose scope.")
            : handle.DangerousGetHandle();

        /// <summary>A tensor over a native at::Tensor* that is handed over.</summary>
        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Frees the tensor; again, from any thread, is harmless.</summary>
        public void Dispose()
        {
            OwningDisposeScope?.Remove(this);
            OwningDisposeScope = null;
            handle.Dispose();
            GC.SuppressFinalize(this);
        }

        /// <summary>Hands the tensor to the scope around its own; with none around, it is on its own.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Hands the tensor to another scope, or to none.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope? scope)
        {
            if (OwningDisposeScope is { } owner)
            {
                owner.MoveToOther(scope, this);
            }
            else
            {
                scope?.Attach(this);
            }

            return this;
        }

        /// <summary>Lets the tensor go: no scope will free it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Another tensor object on the same native tensor, to be freed independently.</summary>
        public Tensor alias() => Take(Native.wb_alias(handle, out var result), result);

        /// <summary>A new tensor from what a call gave out, or its failure as an exception.</summary>
        internal static Tensor Take(Status status, nint result)
        {
            Native.Check(status);
            return new Tensor(result);
        }

        internal static (Tensor, Tensor) Take(Status status, nint first, nint second)
        {
            Native.Check(status);
            return (new Tensor(first), new Tensor(second));
        }

        /// <summary>This tensor, after a call that changed it in place.</summary>
        private Tensor Same(Status status)
        {
            Native.Check(status);
            return this;
        }
    }

    /// <summary>The handle of a tensor that may be left out.</summary>
    internal static TensorHandle OrNone(this Tensor? tensor) => tensor?.handle ?? TensorHandle.None;
}
