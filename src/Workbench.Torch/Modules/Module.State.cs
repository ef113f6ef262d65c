using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters with their dotted names, each once, own ones first.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (key, parameter) in _parameters)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                    {
                        yield return (key, parameter);
                    }
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (prefix, module) in _modules)
                {
                    foreach (var (key, parameter) in module.named_parameters(true))
                    {
                        if (seen.Add(parameter.Handle))
                        {
                            yield return ($"{prefix}.{key}", parameter);
                        }
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(np => np.parameter);

            /// <summary>The buffers with their dotted names, each once, own ones first.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true,
                bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (key, (tensor, persistent)) in _buffers)
                {
                    if ((persistent || include_nonpersistent) && !tensor.IsInvalid && seen.Add(tensor.Handle))
                    {
                        yield return (key, tensor);
                    }
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (prefix, module) in _modules)
                {
                    foreach (var (key, tensor) in module.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(tensor.Handle))
                        {
                            yield return ($"{prefix}.{key}", tensor);
                        }
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(nb => nb.buffer);

            /// <summary>The modules directly within.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() =>
                _modules.Select(nm => (nm.Key, nm.Value));

            public virtual IEnumerable<Module> children() => _modules.Select(nm => nm.Value);

            /// <summary>All modules within, with their dotted names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children())
                {
                    yield return child;
                }

                foreach (var (prefix, child) in named_children())
                {
                    foreach (var (key, module) in child.named_modules())
                    {
                        yield return ($"{prefix}.{key}", module);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(nm => nm.module);

            /// <summary>The parameter of a dotted name; null where there is none.</summary>
            public virtual Parameter? get_parameter(string target) =>
                _parameters.TryGetValue(target, out var parameter) ? parameter
                    : Within(target, (module, rest) => module.get_parameter(rest));

            /// <summary>The buffer of a dotted name; null where there is none.</summary>
            public virtual Tensor? get_buffer(string target) =>
                _buffers.TryGetValue(target, out var buffer) ? buffer.Tensor
                    : Within(target, (module, rest) => module.get_buffer(rest));

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Parameters and persistent buffers by dotted name: the module's own tensors, not copies. A tensor under
            /// two names has both.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null,
                string? prefix = null)
            {
                destination ??= [];
                foreach (var (key, parameter) in named_parameters())
                {
                    destination.TryAdd(Prefixed(prefix, key), parameter);
                }

                foreach (var (key, buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(Prefixed(prefix, key), buffer);
                }

                foreach (var (key, module) in _modules)
                {
                    module.state_dict(destination, Prefixed(prefix, key));
                }

                return destination;
            }

            /// <summary>
            /// Copies values into parameters and buffers of the same names. With <paramref name="strict"/> both sides must
            /// have the same names; the return value lists what either lacked (unexpected_keyes is TorchSharp's spelling).
            /// </summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var destination = state_dict();
                List<string> missing = [.. destination.Keys.Where(key => !skip.Contains(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !skip.Contains(key) && !destination.ContainsKey(key))];
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                {
                    throw new InvalidOperationException(
                        "The loaded state_dict is not identical to the target dictionary. "
                        + $"Missing: {Some(missing)}; unexpected: {Some(unexpected)}.");
                }

                using var withoutGradients = no_grad();
                foreach (var (key, value) in source)
                {
                    if (!skip.Contains(key) && destination.TryGetValue(key, out var target))
                    {
                        target.copy_(value);
                    }
                }

                return (missing, unexpected);
            }

            private static string Prefixed(string? prefix, string key) => string.IsNullOrEmpty(prefix) ? key : $"{prefix}.{key}";

            private static string Some(List<string> names) =>
                names.Count == 0 ? "none"
                    : string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : string.Empty);

            private T? Within<T>(string target, Func<Module, string, T?> find) where T : class
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                return dot > 0 && _modules.TryGetValue(target[..dot], out var module) ? find(module, target[(dot + 1)..]) : null;
            }
        }
    }
}
