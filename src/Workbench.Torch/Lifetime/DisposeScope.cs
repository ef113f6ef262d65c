namespace TorchSharp;

/// <summary>
/// Frees what was made in it when it ends. Scopes nest on one thread; a tensor belongs to the innermost scope of the thread
/// that made it until it is moved, detached or disposed.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;

    // A scope belongs to one thread, but what it holds may be freed on any.
    private readonly Lock _gate = new();
    private HashSet<IDisposable> _members = new(ReferenceEqualityComparer.Instance);
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        Outer = manager.Current;
    }

    internal DisposeScope? Outer { get; }

    /// <summary>What the scope holds now; not kept up to date.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            lock (_gate)
            {
                return [.. _members];
            }
        }
    }

    /// <summary>How many the scope holds.</summary>
    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            lock (_gate)
            {
                return _members.Count;
            }
        }
    }

    /// <summary>Hands one over to the scope around this one; with none around, it is on its own.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveToOther(Outer, [disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        MoveToOther(Outer, [first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        MoveToOther(Outer, [first, second, third]);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    /// <summary>Hands one over to another scope, or to none.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        MoveToOther(scope, [disposable]);
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            if (Remove(disposable))
            {
                scope?.Add(disposable);
                SetScope(disposable, scope);
            }
        }
    }

    /// <summary>Lets one go: no scope will free it.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        MoveToOther(null, [disposable]);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    /// <summary>Takes over one that belongs to another scope, or to none.</summary>
    public void Attach(IDisposable disposable) => Attach([disposable]);

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(disposables);
        IDisposable[] all = [.. disposables];
        foreach (var disposable in all)
        {
            (disposable as torch.Tensor)?.OwningDisposeScope?.Remove(disposable);
            Add(disposable);
            SetScope(disposable, this);
        }

        return all;
    }

    /// <summary>Frees everything now, without ending the scope.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Frees everything but these, which stay in the scope.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var kept = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in DisposablesView)
        {
            if (!kept.Contains(disposable))
            {
                Remove(disposable);
                SetScope(disposable, null);
                disposable.Dispose();
            }
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <summary>Ends the scope and frees what it still holds; the scopes within it that were left open end with it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _manager.Leave(this);
        HashSet<IDisposable> members;
        lock (_gate)
        {
            (members, _members) = (_members, new HashSet<IDisposable>(ReferenceEqualityComparer.Instance));
            _disposed = true;
        }

        foreach (var disposable in members)
        {
            SetScope(disposable, null);
            disposable.Dispose();
        }
    }

    internal void Add(IDisposable disposable)
    {
        lock (_gate)
        {
            _members.Add(disposable);
        }
    }

    internal bool Remove(IDisposable disposable)
    {
        lock (_gate)
        {
            return _members.Remove(disposable);
        }
    }

    internal void Replace(IDisposable original, IDisposable replacement)
    {
        Remove(original);
        Add(replacement);
    }

    private static void SetScope(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = scope;
        }
    }
}
